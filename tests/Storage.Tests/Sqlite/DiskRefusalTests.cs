using Headgate.Storage.Sqlite;
using Headgate.Storage.Sqlite.Damage;
using SQLitePCL;
using Xunit;

namespace Headgate.Storage.Tests.Sqlite;

public sealed class DiskRefusalTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new DatabaseException(raw.SQLITE_FULL, "no"), "The disk of /data is full (" },
        { new DatabaseException(raw.SQLITE_IOERR, "no"), "The disk of /data refused to be read or written (" },
        { new DatabaseException(raw.SQLITE_CORRUPT, "no"), "The database in /data is damaged (" },
        { new DatabaseException(raw.SQLITE_READONLY, "no"), "The files in /data can't be written (" },
        { new IOException("no", 28), "The disk of /data is full (" },
        { new IOException("no", 5), "The disk of /data refused to be read or written (" },
        { new InvalidOperationException("no"), "The database in /data could not be written (" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Describe_AnyFailure_NamesTheCauseAndWhatToDo(Exception failure, string start)
    {
        var said = DiskRefusal.Describe("/data", failure);

        Assert.StartsWith(start, said, StringComparison.Ordinal);
        Assert.EndsWith("Put the disk in order and start it again.", said, StringComparison.Ordinal);
    }
}
