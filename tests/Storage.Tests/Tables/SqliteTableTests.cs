using Headgate.Conformance.Tables;
using Headgate.Ports;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Tables;

public sealed class SqliteTableTests : TableConformance, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly EmbeddedStore _storage;

    public SqliteTableTests() => _storage = EmbeddedStore.Open(_folder.Path, TimeProvider.System, _ => { }, DiskSync.Off);

    protected override ITableStore Store => _storage.Tables;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
