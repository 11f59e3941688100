using Azure.Core;
using Azure.Core.Pipeline;
using Headgate.Azure.Tests.Wire;
using Headgate.Conformance;
using Headgate.Ports;

namespace Headgate.Azure.Tests.Tables;

/// <summary>Writers race for one counter over connections that lose requests and answers.</summary>
[Collection(AzuriteTests.Name)]
public sealed class ExactnessTests(AzuriteFixture fixture)
{
    private const int Writers = 4;
    private const int Turns = 20;
    private readonly string _partition = Guid.NewGuid().ToString("N");

    [SuiteTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counter_OverFaultyWires_CountsEachRowOnce(int seed)
    {
        using var calm = new StoreRig(fixture.ConnectionString);
        Assert.True((await calm.Store.SubmitAsync(new(new TableBatch(Table.Tenants, TableWrite.Insert(Ledger(0, null)))))).Succeeded);

        var told = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => RaceAsync(writer, (seed * 100) + writer)))).SelectMany(turn => turn).ToList();

        var rows = (await calm.Store.QueryAsync(TableQuery.Prefix(Table.Tenants, _partition, "run:"))).Rows.Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
        var ledger = (await calm.Store.GetAsync(Table.Tenants, _partition, "!ledger"))!.Columns.Int("count");
        Assert.Equal(rows.Count, ledger);
        Assert.All(told.Where(turn => turn.Applied is true), turn => Assert.Contains(turn.Run, rows));
        Assert.All(told.Where(turn => turn.Applied is false), turn => Assert.DoesNotContain(turn.Run, rows));
        Assert.Contains(told, turn => turn.Applied is true);
    }

    /// <returns>Each run tried and the store's result; null if unknown.</returns>
    private async Task<List<(string Run, bool? Applied)>> RaceAsync(int writer, int seed)
    {
        var wire = new FaultyWire(seed, 0.3);
        using var rig = new StoreRig(fixture.ConnectionString, options =>
        {
            options.Transport = wire.Transport;
            options.RetryPolicy = new RetryPolicy(3, DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(1)));
        });
        var told = new List<(string, bool?)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var run = $"run:{writer}:{turn:00}";
            told.Add((run, await CountAsync(rig.Store, run)));
        }

        return told;
    }

    private async Task<bool?> CountAsync(ITableStore store, string run)
    {
        try
        {
            var ledger = await store.GetAsync(Table.Tenants, _partition, "!ledger");
            var change = new TableChange(new TableBatch(
                Table.Tenants,
                TableWrite.Replace(Ledger(ledger!.Columns.Int("count")!.Value + 1, ledger.ETag)),
                TableWrite.Insert(new(_partition, run, [])),
                TableWrite.DeleteIfExists(_partition, "never")));
            return (await store.SubmitAsync(change)).Succeeded;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private TableRow Ledger(int count, string? etag) => new(_partition, "!ledger", new() { ["count"] = count }, etag);
}
