using SQLitePCL;

namespace Headgate.Storage.Sqlite.Damage;

/// <summary>The message for an operator when a read or write of the database fails while the service runs.</summary>
public static class DiskRefusal
{
    /// <summary>ENOSPC, which .NET passes on as the exception's HResult.</summary>
    private const int NoSpace = 28;

    public static string Describe(string folder, Exception failure)
    {
        var why = failure switch
        {
            DatabaseException { PrimaryCode: raw.SQLITE_FULL } or IOException { HResult: NoSpace } => $"The disk of {folder} is full",
            DatabaseException { PrimaryCode: raw.SQLITE_IOERR } or IOException => $"The disk of {folder} refused to be read or written",
            DatabaseException { PrimaryCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => $"The database in {folder} is damaged",
            DatabaseException { PrimaryCode: raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM } => $"The files in {folder} can't be written",
            _ => $"The database in {folder} could not be written",
        };
        return $"{why} ({failure.Message}). The service has stopped; whatever it answered for is kept. Put the disk in order and start it again.";
    }
}
