using Headgate.Conformance.Tables;
using Headgate.Ports;

namespace Headgate.Azure.Tests.Tables;

[Collection(AzuriteTests.Name)]
public sealed class AzureTableTests(AzuriteFixture fixture) : TableConformance, IDisposable
{
    private StoreRig? _rig;

    protected override ITableStore Store => (_rig ??= new(fixture.Server.ConnectionString)).Store;

    public void Dispose() => _rig?.Dispose();
}
