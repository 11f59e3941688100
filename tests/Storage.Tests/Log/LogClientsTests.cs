using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.Records;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Log;

public sealed class LogClientsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void New_TwoClientsOfOneKind_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new LogClients(new RowLogClient(), new MessageLogClient(), new RowLogClient()));

    [Fact]
    public void Contains_AnotherClientOfItsType_IsNotTheSame()
    {
        var rows = new RowLogClient();
        var clients = new LogClients(rows);

        Assert.True(clients.Contains(rows));
        Assert.False(clients.Contains(new RowLogClient()));
    }

    [Theory]
    [InlineData("0999", 9)]
    [InlineData("0609" + "ff", 255)]
    public void Recover_RecordOfAKindThatNobodyOwns_IsRefusedAndTheFolderLeftAsItWas(string journal, int kind)
    {
        using (var database = Database.Open(_folder.Path, DiskSync.Off))
            database.Writer.Execute($"INSERT INTO journal(number, records) VALUES (1, x'{journal}')");
        var clients = new LogClients(new RowLogClient(), new MessageLogClient());
        var before = File.ReadAllBytes(_folder["headgate.db"]);

        var problem = Assert.Throws<DataFolderException>(() => Database.Open(_folder.Path, DiskSync.Off, clients.Recover));

        Assert.Equal(
            $"The journal of the database can't be read: The journal holds a record of unknown kind {kind}; a newer build has written it. Nothing was changed. Run the build that wrote it, or put back a copy of the data folder.",
            problem.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder["headgate.db"]));
    }

    [Fact]
    public void Recover_RecordsOfItsClients_BringsThemIntoTheTablesAndEmptiesTheJournal()
    {
        using (var database = Database.Open(_folder.Path, DiskSync.Off))
            database.Writer.Execute("INSERT INTO journal(number, records) VALUES (1, x'01020270026b070141'), (2, x'01020270026b080142')");

        using var again = Database.Open(_folder.Path, DiskSync.Off, new LogClients(new RowLogClient()).Recover);

        Assert.Equal(["B"], Note.ReadAll(again));
        Assert.False(again.Writer.Prepare(new("SELECT number FROM journal")).Step());
    }

    public void Dispose() => _folder.Dispose();
}
