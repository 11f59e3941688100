using Headgate.Ports;
using Headgate.Storage;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Engine.Tests;

public sealed class LogClientTests
{
    [Fact]
    public async Task New_OnALogThatDoesNotKeepOrchestrations_IsRefused()
    {
        using var folder = new TempFolder();
        await using var store = EmbeddedStore.Open(folder.Path, TimeProvider.System, _ => { }, DiskSync.Off);

        var problem = Assert.Throws<ArgumentException>(
            () => new DurableEngine(store.Database, store.Log, new ScriptedFunctions(), new(), TimeProvider.System, new SystemRandom(), NullLoggerFactory.Instance));

        Assert.Contains("DurableEngine.LogClient", problem.Message, StringComparison.Ordinal);
    }
}
