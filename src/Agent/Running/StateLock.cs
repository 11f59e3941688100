using Headgate.Agent.Files;

namespace Headgate.Agent.Running;

/// <summary>One agent per state directory. Goes with the process, however that ends.</summary>
internal sealed class StateLock : IDisposable
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const int SessionLine = 1;
    private const int InodeLine = 2;
    private const int BootLine = 3;

    private readonly FileStream _file;

    private StateLock(FileStream file, string path)
    {
        _file = file;
        using var reader = new StreamReader(file, leaveOpen: true);
        var lines = reader.ReadToEnd().Split('\n');
        var (inode, boot) = (Inode(path), Boot());
        var isCopy = lines.Length > InodeLine && inode is not null && lines[InodeLine] != inode;
        var isKnown = Guid.TryParseExact(lines[0].Trim(), "N", out var known) && !isCopy;
        Instance = (isKnown ? known : Guid.NewGuid()).ToString("N");
        EndedSession = isKnown && lines.Length > BootLine && inode is not null && boot is not null && lines[BootLine] == boot ? lines[SessionLine] : null;
        Write(isKnown, $"{Instance}\n{Session}\n{inode}\n{boot}\n");
    }

    /// <summary>The same for every life on this directory, and for no other, not even a copy: marks what belongs to it. Agents of other services may carry the same agent id.</summary>
    public string Instance { get; }

    /// <summary>Of this life alone.</summary>
    public string Session { get; } = Guid.NewGuid().ToString("N");

    /// <summary>
    /// The life before on this very directory, which has ended: this process has its lock. Null where that can't be known, as in a copy of the
    /// directory, or since the machine was started anew.
    /// </summary>
    public string? EndedSession { get; }

    public static StateLock? TryTake(string stateDirectory, out string reason)
    {
        try
        {
            OwnFolder.Ensure(stateDirectory);
            reason = "";
            var path = Path.Combine(stateDirectory, "agent.lock");
            return new StateLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Tells the file from its copies. Null where it can't be asked.</summary>
    private static string? Inode(string path) => OperatingSystem.IsLinux() && Posix.Status(path) is { } status ? $"{status.File.Device} {status.File.Inode}" : null;

    /// <summary>This life of the system, within which a lock holds. Null where it can't be asked.</summary>
    private static string? Boot()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(BootFile).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // In place, and the instance first: whatever cuts it short leaves that.
    private void Write(bool isKnown, string text)
    {
        try
        {
            _file.Position = 0;
            _file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            _file.SetLength(text.Length);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException) when (isKnown)
        {
            // A disk without room keeps no agent from starting; the next life then waits to be believed.
        }
    }
}
