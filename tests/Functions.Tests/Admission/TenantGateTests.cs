using Headgate.Core.Retry;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Admission;

public sealed class TenantGateTests
{
    [Fact]
    public async Task Change_TwoThatWaitWriteTheSameRow_BothAreWrittenInOrder()
    {
        using var rig = new RunRig();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.BeforeWriteTo(Table.Tenants, () => first.Task);

        Task<GateResult<int>>[] changes = [Write(rig, 1), Write(rig, 2), Write(rig, 3)];
        first.SetResult();
        var results = await Task.WhenAll(changes);

        Assert.All(results, result => Assert.Equal(GateStatus.Done, result.Status));
        Assert.Equal([0, 1, 2], results.Select(result => result.Value));
        Assert.Equal(3, (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Policy("own")!.MaxRetries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_OneOfABatchLoses_IsToldAndTheOthersAreWritten(bool inAnotherPartition)
    {
        using var rig = new RunRig();
        rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, "row-2", []));
        rig.Tables.Put(Table.Tasks, new TableRow("elsewhere", "row-2", []));
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.BeforeWriteTo(Table.Tenants, () => first.Task);

        Task<GateResult<int>>[] changes = [Insert(0), Insert(1), Insert(2), Insert(3)];
        first.SetResult();
        var results = await Task.WhenAll(changes);

        Assert.Equal([GateStatus.Done, GateStatus.Done, GateStatus.Conflict, GateStatus.Done], results.Select(result => result.Status));

        Task<GateResult<int>> Insert(int number) => rig.Get<TenantGate>().ChangeAsync(
            RunRig.Tenant,
            (tenant, _) =>
            {
                var edit = new TenantEdit<int>(number, tenant.Ledger);
                // What precedes is repeated where a later batch was not applied.
                var repeatable = number == 2 ? WriteKind.Insert : WriteKind.Upsert;
                return inAnotherPartition
                    ? edit with { Preceding = [new TableBatch(Table.Tasks, new TableWrite(repeatable, new TableRow("elsewhere", $"row-{number}", [])))] }
                    : edit with { Writes = [TableWrite.Insert(new TableRow(RunRig.Tenant, $"row-{number}", []))] };
            });
    }

    // Answers what the change before it wrote.
    private static Task<GateResult<int>> Write(RunRig rig, int maxRetries) => rig.Get<TenantGate>().ChangeAsync(
        RunRig.Tenant,
        (tenant, _) => new TenantEdit<int>(tenant.Policy("own")?.MaxRetries ?? 0, tenant.Ledger)
        {
            Writes = [TableWrite.Upsert(PolicyRow.Write(RunRig.Tenant, "own", new RetryPolicy(maxRetries)))],
        });
}
