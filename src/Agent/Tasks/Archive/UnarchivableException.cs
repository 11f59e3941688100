namespace Headgate.Agent.Tasks.Archive;

/// <summary>Something in the tree can't stand in an archive as it is, now or later: leaving it out, or another name, must be asked for.</summary>
internal sealed class UnarchivableException(string path, string reason) : IOException($"{Shown(path)}: {reason}")
{
    private const int Ends = 200;

    /// <summary>Both ends of a path too long to be read.</summary>
    internal static string Shown(string path) => path.Length <= 2 * Ends + 1 ? $"'{path}'" : $"'{path[..Ends]}…{path[^Ends..]}'";
}
