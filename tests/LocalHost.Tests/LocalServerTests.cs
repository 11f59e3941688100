using System.Net;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Tests;

public sealed class LocalServerTests
{
    [Fact]
    public async Task Start_TempFolder_AnswersOverHttp()
    {
        await using var service = await LocalService.StartAsync();

        using var response = await service.Client.GetAsync(new Uri("/nowhere", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Start_FolderInUse_IsRefused()
    {
        await using var service = await LocalService.StartAsync();
        var options = new LocalHostOptions { DataFolder = Path.GetDirectoryName(service.Server.OperatorKey.Path)!, Port = 0 };

        await Assert.ThrowsAsync<DataFolderException>(() => LocalServer.StartAsync(options));
    }

    [Fact]
    public async Task Start_PortInUse_IsRefusedAndFreesTheFolder()
    {
        await using var service = await LocalService.StartAsync();
        using var folder = new TempFolder();
        var taken = new LocalHostOptions { DataFolder = folder.Path, Port = new Uri(service.Server.Address).Port };

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LocalServer.StartAsync(taken));

        Assert.Equal("port", Assert.Single(refused.Problems).Path);
        await using var other = await LocalServer.StartAsync(taken with { Port = 0 });
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1")]
    public async Task Start_AddressThatCanNotBeBound_IsRefusedWithASentence(string host)
    {
        using var folder = new TempFolder();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LocalServer.StartAsync(new LocalHostOptions { DataFolder = folder.Path, Host = host, Port = 0 }));

        Assert.Contains(host, Assert.Single(refused.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DiskRefusesBeforeAnybodyCanBeTold_IsRefused()
    {
        using var folder = new TempFolder();
        var options = new LocalHostOptions { DataFolder = folder.Path, Port = 0, Sync = DiskSync.Off };

        var refused = await Assert.ThrowsAsync<DataFolderException>(() => LocalServer.StartAsync(options, configure: services =>
        {
            DatabaseFile.Change(folder.Path, "DROP TABLE journal");
            var queue = (IQueueSender)services.Single(service => service.ServiceType == typeof(IQueueSender)).ImplementationInstance!;
            SpinWait.SpinUntil(() => !Takes(queue));
        }));

        Assert.Contains($"The database in {folder.Path} could not be written", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_Twice_StopsOnceAndClosesTheFolder()
    {
        using var folder = new TempFolder();
        var options = new LocalHostOptions { DataFolder = folder.Path, Port = 0 };
        var server = await LocalServer.StartAsync(options);

        await Task.WhenAll(server.StopAsync(), server.StopAsync());

        Assert.True(server.Failure is null && server.StopRequested.IsCancellationRequested);
        await using var again = await LocalServer.StartAsync(options);
        Assert.Equal(server.OperatorKey.Text, again.OperatorKey.Text);
        Assert.False(again.OperatorKey.IsNew);
    }

    [Fact]
    public async Task Process_Killed_StartsAgainOnItsFolder()
    {
        using var folder = new TempFolder();
        using var port = ReservedPort.Take();
        await using var first = await ServiceProcess.StartAsync(folder.Path, port.Number);

        await first.KillAsync();
        await using var second = await ServiceProcess.StartAsync(folder.Path, port.Number);

        Assert.Equal(first.Address, second.Address);
        using var client = second.NewClient();
        using var response = await client.GetAsync(new Uri("/nowhere", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("hg_", second.Errors, StringComparison.Ordinal);
    }

    private static bool Takes(IQueueSender queue)
    {
        try
        {
            _ = queue.SendAsync(new("runs", Guid.NewGuid().ToString(), default)).AsTask();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
