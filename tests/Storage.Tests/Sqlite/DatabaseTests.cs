using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.Records;
using Headgate.Storage.Tests.Log;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Sqlite;

public sealed class DatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Open_OfAFolderInUse_SaysWhoHoldsItAndWhatToDo()
    {
        using var first = Database.Open(_folder.Path, DiskSync.Off);

        var problem = Assert.Throws<DataFolderException>(() => Database.Open(_folder.Path, DiskSync.Off));

        Assert.Equal(
            $"The data folder {_folder.Path} is in use: another process holds {_folder["headgate.lock"]}. Stop that process or choose another folder.",
            problem.Message);
    }

    [Fact]
    public void Open_AfterClose_Succeeds()
    {
        Database.Open(_folder.Path, DiskSync.Off).Dispose();
        Database.Open(_folder.Path, DiskSync.Off).Dispose();
    }

    [Fact]
    public void Open_FolderMissing_CreatesIt()
    {
        Database.Open(_folder["new/inner"], DiskSync.Off).Dispose();

        Assert.True(File.Exists(_folder["new/inner/headgate.db"]));
    }

    [Fact]
    public void Open_OfANewerSchema_IsRefused()
    {
        using (var database = Database.Open(_folder.Path, DiskSync.Off))
            database.Writer.Execute("PRAGMA user_version = 9999");

        var problem = Assert.Throws<DataFolderException>(() => Database.Open(_folder.Path, DiskSync.Off));

        Assert.Contains("schema version 9999", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAFileThatIsNotADatabase_IsRefusedAndTheFolderReleased()
    {
        File.WriteAllText(_folder["headgate.db"], new string('x', 8192));

        Assert.Throws<DataFolderException>(() => Database.Open(_folder.Path, DiskSync.Off));
        File.Delete(_folder["headgate.db"]);
        Database.Open(_folder.Path, DiskSync.Off).Dispose();
    }

    [Fact]
    public async Task Checkpoints_UnderSteadyWrites_KeepTheLogSmall()
    {
        using var database = Database.Open(_folder.Path, DiskSync.Off);
        await using var log = new WriteLog(database, new(new RowLogClient()), TimeProvider.System, _ => { });
        var text = new string('x', 100_000);

        for (var i = 0; i < 1500; i++)
            await log.FlushedAsync(log.Append(new Note(text)));

        Assert.InRange(new FileInfo(_folder["headgate.db-wal"]).Length, 0, 112 * 1024 * 1024);
        await log.MergedAsync();
        Assert.Equal(1500, Note.ReadAll(database).Count);
    }

    public void Dispose() => _folder.Dispose();
}
