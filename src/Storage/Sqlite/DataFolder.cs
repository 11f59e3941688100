namespace Headgate.Storage.Sqlite;

/// <summary>The data folder can't be used; the message says why and what to do, fit for an operator.</summary>
public sealed class DataFolderException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A data folder held by this process alone, through a lock that the system drops with the process.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        DatabasePath = Path.Combine(path, "headgate.db");
        _lock = heldLock;
    }

    public string DatabasePath { get; }

    /// <summary>Makes the folder, for this user alone, if it isn't there.</summary>
    /// <exception cref="DataFolderException">Another process holds it, or it can't be written.</exception>
    public static DataFolder Hold(string path)
    {
        var folder = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The data folder {folder} can't be made: {problem.Message}", problem);
        }

        var lockFile = Path.Combine(folder, "headgate.lock");
        try
        {
            return new(folder, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new DataFolderException($"The data folder {folder} can't be written: {problem.Message}", problem);
        }
        catch (IOException problem)
        {
            throw new DataFolderException(
                $"The data folder {folder} is in use: another process holds {lockFile}. Stop that process or choose another folder.", problem);
        }
    }

    public void Dispose() => _lock.Dispose();
}
