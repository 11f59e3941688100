using Headgate.Conformance;
using Headgate.Ports;
using Xunit.Abstractions;

namespace Headgate.Azure.Tests.Tables;

/// <summary>How many requests each operation costs.</summary>
[Collection(AzuriteTests.Name)]
public sealed class RoundTripTests(AzuriteFixture fixture, ITestOutputHelper output) : IDisposable
{
    private readonly StoreRig _rig = new(fixture.ConnectionString);
    private readonly string _partition = Guid.NewGuid().ToString("N");

    public void Dispose() => _rig.Dispose();

    [SuiteFact]
    public async Task Writes_OfEverySize_CostOneRoundTripABatch()
    {
        await Submit(TableWrite.Upsert(Row("warm")));

        await Costs(1, "an insert", () => Submit(TableWrite.Insert(Row("a"))));
        await Costs(1, "a batch of 100", () => Submit([.. Enumerable.Range(0, 100).Select(i => TableWrite.Insert(Row($"b{i}")))]));
        await Costs(1, "a read", async () => Assert.NotNull(await _rig.Store.GetAsync(Table.Tenants, _partition, "a")));
        await Costs(1, "a page of 102", async () => Assert.Equal(102, (await _rig.Store.QueryAsync(new(Table.Tenants, _partition))).Rows.Count));
        await Costs(1, "a conflict", async () => Assert.False((await _rig.Store.SubmitAsync(new(new TableBatch(Table.Tenants, TableWrite.Insert(Row("a")))))).Succeeded));
        await Costs(1, "a delete of a missing row", () => Submit(TableWrite.DeleteIfExists(_partition, "nothing")));
        await Costs(2, "a batch with a delete of a missing row", () => Submit(TableWrite.Upsert(Row("a")), TableWrite.DeleteIfExists(_partition, "nothing"), TableWrite.Upsert(Row("c"))));
    }

    [SuiteFact]
    public async Task Messages_OfAChange_AreSentAfterItsLastBatch()
    {
        var message = new OutgoingMessage("runs", "m1", "{}"u8.ToArray());

        var conflict = new TableChange([new(Table.Tenants, TableWrite.Insert(Row("a"))), new(Table.Tenants, TableWrite.Insert(Row("a")))], [message]);
        Assert.False((await _rig.Store.SubmitAsync(conflict)).Succeeded);
        Assert.Empty(_rig.Sent);

        Assert.True((await _rig.Store.SubmitAsync(new([new(Table.Tenants, TableWrite.Insert(Row("b")))], [message]))).Succeeded);
        Assert.Equal([message], _rig.Sent);
    }

    [SuiteFact]
    public async Task Messages_WhenTheQueueIsDown_LeaveTheChangeApplied()
    {
        _rig.QueueIsDown = true;

        var outcome = await _rig.Store.SubmitAsync(new([new(Table.Tenants, TableWrite.Insert(Row("a")))], [new("runs", "m1", "{}"u8.ToArray())]));

        Assert.True(outcome.Succeeded);
    }

    private async Task Costs(long expected, string what, Func<Task> act)
    {
        var before = _rig.Trips.Count;
        await act();
        var trips = _rig.Trips.Count - before;
        output.WriteLine($"{what}: {trips} round trip(s)");
        Assert.Equal(expected, trips);
    }

    private async Task Submit(params TableWrite[] writes) => Assert.True((await _rig.Store.SubmitAsync(new(new TableBatch(Table.Tenants, writes)))).Succeeded);

    private TableRow Row(string key) => new(_partition, key, new() { ["value"] = 1 });
}
