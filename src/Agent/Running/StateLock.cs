using Headgate.Agent.Files;

namespace Headgate.Agent.Running;

/// <summary>One agent per state directory. Goes with the process, however that ends.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    public static StateLock? TryTake(string stateDirectory, out string reason)
    {
        try
        {
            OwnFolder.Ensure(stateDirectory);
            reason = "";
            return new StateLock(new FileStream(Path.Combine(stateDirectory, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
