using Azure.Data.Tables;
using Headgate.Azure.Tests.Wire;

namespace Headgate.Azure.Tests.Client;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1/t()")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.windows.net", "https://acc.table.core.windows.net/t()")]
    [InlineData("AccountName=acc; AccountKey=a2V5;", "https://acc.table.core.windows.net/t()")]
    [InlineData("accountname=acc;ACCOUNTKEY=a2V5;TableEndpoint=http://127.0.0.1:1234/acc", "http://127.0.0.1:1234/acc/t()")]
    public async Task ConnectionString_OfEveryForm_LeadsToItsEndpoint(string text, string address)
    {
        var server = new StubServer().Answer(200, body: """{"value":[]}""");

        await foreach (var _ in new TableServiceClient(text, new TableClientOptions { Transport = server.Transport }).GetTableClient("t").QueryAsync<TableEntity>())
        {
        }

        Assert.Equal(address, server.Requests[0].Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("AccountName=acc")]
    [InlineData("AccountKey=a2V5")]
    [InlineData("AccountName=acc;AccountKey=not Base64!")]
    [InlineData("AccountName=acc;AccountKey=a2V5;TableEndpoint=ftp://x")]
    [InlineData("SharedAccessSignature=sv=1;TableEndpoint=https://x")]
    [InlineData("nonsense")]
    public void ConnectionString_ThatLacksSomething_IsRefusedWithoutTheKey(string text)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => new TableServiceClient(text));

        Assert.DoesNotContain("a2V5", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not Base64!", failure.Message, StringComparison.Ordinal);
    }
}
