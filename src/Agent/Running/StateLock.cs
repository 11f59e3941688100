using Headgate.Agent.Files;

namespace Headgate.Agent.Running;

/// <summary>One agent per state directory. Goes with the process, however that ends.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file, string instance) => (_file, Instance) = (file, instance);

    /// <summary>The same for every life on this directory, and for no other: marks what belongs to it. Agents of other services may carry the same agent id.</summary>
    public string Instance { get; }

    public static StateLock? TryTake(string stateDirectory, out string reason)
    {
        try
        {
            OwnFolder.Ensure(stateDirectory);
            reason = "";
            var file = new FileStream(Path.Combine(stateDirectory, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new StateLock(file, ReadOrMakeInstance(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string ReadOrMakeInstance(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        if (Guid.TryParseExact(reader.ReadToEnd().Trim(), "N", out var known))
            return known.ToString("N");
        var made = Guid.NewGuid().ToString("N");
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(made));
        file.Flush(flushToDisk: true);
        return made;
    }
}
