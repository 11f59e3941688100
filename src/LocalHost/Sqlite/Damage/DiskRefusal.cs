using SQLitePCL;

namespace Headgate.LocalHost.Sqlite.Damage;

/// <summary>What an operator is told when the database refuses while the service runs.</summary>
internal static class DiskRefusal
{
    public static string Describe(string folder, Exception failure)
    {
        var why = (failure as DatabaseException)?.PrimaryCode switch
        {
            raw.SQLITE_FULL => $"The disk of {folder} is full",
            raw.SQLITE_IOERR => $"The disk of {folder} refused to be read or written",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"The database in {folder} is damaged",
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => $"The files in {folder} can't be written",
            _ => $"The database in {folder} could not be written",
        };
        return $"{why} ({failure.Message}). The service has stopped; whatever it answered for is kept. Put the disk in order and start it again.";
    }
}
