namespace Headgate.Storage.Sqlite;

/// <summary>The data folder can't be used. The message tells an operator why and what to do.</summary>
public sealed class DataFolderException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A data folder that only this process uses. The lock is an open file, which the system closes when the process ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        DatabasePath = Path.Combine(path, "headgate.db");
        _lock = heldLock;
    }

    public string DatabasePath { get; }

    /// <summary>Creates the folder if missing, with access for this user only.</summary>
    /// <exception cref="DataFolderException">Another process uses it, or it can't be written.</exception>
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
