using Headgate.TestKit.Azurite;
using Headgate.TestKit.NodePackages;

namespace Headgate.Azure.Tests.Tables;

/// <summary>One table server for all tests that need one. Without Node there is none, and those tests are skipped.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public AzuriteServer Server => _server ?? throw new InvalidOperationException(Node.Missing);

    /// <summary>Empty if there is no server: test classes are constructed even if their tests are skipped.</summary>
    public string ConnectionString => _server?.ConnectionString ?? "";

    public async Task InitializeAsync()
    {
        if (Node.Missing is null)
            _server = await AzuriteServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteTests : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "a table server";
}
