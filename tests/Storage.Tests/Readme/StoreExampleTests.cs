using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Readme;

public sealed class StoreExampleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Readme_ItsExample_IsTheOneThatRunsHere()
    {
        var assembly = typeof(StoreExample).Assembly;

        Assert.Equal(ReadmeExample.InCode(assembly, "StoreExample.cs"), ReadmeExample.InText(assembly, "README.md"));
    }

    [Fact]
    public async Task RunAsync_OnANewFolder_LeavesTheOrderInvoicedAndNoMessage()
    {
        Assert.Equal(120, await StoreExample.RunAsync(_folder.Path));

        await using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System, _ => { });
        var order = await store.Tables.GetAsync((Table)100, "customer-7", "order-1");
        Assert.Equal("invoiced", order!.Columns["state"]);
        Assert.False(store.Queue.TryReceive("invoices", out _));
    }

    public void Dispose() => _folder.Dispose();
}
