using Headgate.Ports;
using Headgate.Storage.Log;
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
        using var database = Database.Open(folder.Path, DiskSync.Off);
        await using var log = new WriteLog(database, new(), TimeProvider.System, _ => { });

        var problem = Assert.Throws<ArgumentException>(
            () => new DurableEngine(database, log, new ScriptedFunctions(), new(), TimeProvider.System, new SystemRandom(), NullLoggerFactory.Instance));

        Assert.Contains("DurableEngine.LogClient", problem.Message, StringComparison.Ordinal);
    }
}
