namespace Headgate.Agent.Files;

/// <summary>A folder of the agent's own can't be made or written: a full disk, a file system that became read-only, rights that were taken away.</summary>
internal sealed class FolderUnavailableException(string folder, Exception reason) : IOException($"'{folder}' can't be used: {reason.Message}", reason)
{
    public string Folder { get; } = folder;

    public static void Guard(string folder, Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FolderUnavailableException(folder, e);
        }
    }
}
