namespace Headgate.Agent.Tasks.Archive;

/// <summary>Files and folders that this agent may not read: the first ends the archive, or all are left out and counted, as the task asks.</summary>
internal sealed class Unreadable(bool skip)
{
    /// <summary>Of the output, which has a bound of its own.</summary>
    public const int MostPaths = 20;

    private readonly List<string> _paths = [];

    public int Count { get; private set; }

    /// <summary>The first 20; long ones by their ends.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <returns>Null where it was left out.</returns>
    public T? Read<T>(string path, Func<string, T> read)
        where T : class
    {
        try
        {
            return read(path);
        }
        catch (UnauthorizedAccessException) when (skip)
        {
            Count++;
            if (_paths.Count < MostPaths)
                _paths.Add(UnarchivableException.Shown(path).Trim('\''));
            return null;
        }
    }
}
