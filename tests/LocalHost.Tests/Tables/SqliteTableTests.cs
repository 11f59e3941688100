using Headgate.Conformance.Tables;
using Headgate.LocalHost.Sqlite;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Tables;

public sealed class SqliteTableTests : TableConformance, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly LocalStorage _storage;

    public SqliteTableTests() => _storage = LocalStorage.Open(_folder.Path, TimeProvider.System, _ => { }, DiskSync.Off);

    protected override ITableStore Store => _storage.Tables;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
