using Azure.Data.Tables;
using Headgate.Ports;
using Headgate.TestKit.Azurite;

namespace Headgate.Worker.Tests.Support;

/// <summary>A table server with the app's tables, which a deployment makes.</summary>
internal static class AccountTables
{
    public static async Task<AzuriteServer> StartAsync()
    {
        var server = await AzuriteServer.StartAsync();
        var account = new TableServiceClient(server.ConnectionString);
        foreach (var table in Enum.GetNames<Table>())
            await account.CreateTableIfNotExistsAsync(table.ToLowerInvariant());
        return server;
    }
}
