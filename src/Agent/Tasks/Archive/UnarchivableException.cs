namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// A file or folder has a name or a link target that a tar archive of ours can't hold. Another try does not help: whoever submits the task
/// must exclude it, or its owner rename it.
/// </summary>
internal sealed class UnarchivableException(string path, string reason) : IOException($"{Shown(path)}: {reason}")
{
    /// <summary>Characters that are shown of each end of a longer path.</summary>
    private const int Ends = 200;

    /// <summary>The path in quotation marks, without its middle if it is too long for a message.</summary>
    internal static string Shown(string path) => path.Length <= 2 * Ends + 1 ? $"'{path}'" : $"'{path[..Ends]}…{path[^Ends..]}'";
}
