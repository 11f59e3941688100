using Azure.Core;
using Azure.Core.Pipeline;
using Headgate.Azure.Tests.Wire;
using Headgate.Conformance;
using Headgate.Ports;

namespace Headgate.Azure.Tests.Tables;

/// <summary>The server applies a write and its answer is lost: the next try meets what the first one wrote.</summary>
[Collection(AzuriteTests.Name)]
public sealed class LostAnswerTests : IDisposable
{
    private readonly LostAnswers _wire = new();
    private readonly StoreRig _rig;
    private readonly StoreRig _other;
    private readonly string _partition = Guid.NewGuid().ToString("N");

    public LostAnswerTests(AzuriteFixture fixture)
    {
        _rig = new(fixture.ConnectionString, options =>
        {
            options.Transport = _wire.Transport;
            options.RetryPolicy = new RetryPolicy(3, DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(1)));
        });
        _other = new(fixture.ConnectionString);
    }

    public void Dispose()
    {
        _rig.Dispose();
        _other.Dispose();
    }

    [SuiteFact]
    public async Task Insert_WhoseFirstTrySucceeded_SucceedsWithTheRowsETag()
    {
        await Warm();
        _wire.LoseNext();

        var outcome = await Submit(_rig, TableWrite.Insert(Row("a", 1)));

        Assert.True(outcome.Succeeded);
        Assert.Equal((await Get("a"))!.ETag, outcome.ETags[0][0]);
    }

    [SuiteFact]
    public async Task Insert_OfTheSameColumnsAsAnothersRow_IsNotTakenForItsOwn()
    {
        await Submit(_other, TableWrite.Insert(Row("a", 1)));
        _wire.LoseNext();

        // The row equals this insert's, but another caller wrote it: taking it for ours would count it twice.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Submit(_rig, TableWrite.Insert(Row("a", 1))));
    }

    [SuiteFact]
    public async Task Replace_WhoseFirstTrySucceeded_Succeeds()
    {
        var row = await Inserted("a", 1);
        _wire.LoseNext();

        var outcome = await Submit(_rig, TableWrite.Replace(Row("a", 2, row.ETag)));

        Assert.True(outcome.Succeeded);
        Assert.Equal(("2", outcome.ETags[0][0]), ($"{(await Get("a"))!.Columns.Int("value")}", (await Get("a"))!.ETag));
    }

    [SuiteFact]
    public async Task Batch_WhoseFirstTrySucceeded_SucceedsOnce()
    {
        var ledger = await Inserted("ledger", 1);
        await Inserted("gone", 1);
        _wire.LoseNext();

        var outcome = await Submit(_rig, TableWrite.Replace(Row("ledger", 2, ledger.ETag)), TableWrite.Insert(Row("run", 1)), TableWrite.DeleteIfExists(_partition, "gone"));

        Assert.True(outcome.Succeeded);
        Assert.Equal([(await Get("ledger"))!.ETag!, (await Get("run"))!.ETag!, ""], outcome.ETags[0]);
        Assert.Equal(2, (await Get("ledger"))!.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Batch_AppliedAndThenOvertaken_SucceedsWithAnETagThatNoRowHas()
    {
        var ledger = await Inserted("ledger", 1);
        _wire.Meanwhile = async () => Assert.True((await Submit(_other, TableWrite.Upsert(Row("ledger", 9)))).Succeeded);
        _wire.LoseNext();

        var outcome = await Submit(_rig, TableWrite.Replace(Row("ledger", 2, ledger.ETag)), TableWrite.Insert(Row("run", 1)));

        Assert.True(outcome.Succeeded);
        Assert.Equal(new WriteConflict(0, 0, ConflictKind.Changed), (await Submit(_rig, TableWrite.Replace(Row("ledger", 3, outcome.ETags[0][0])))).Conflict);
        Assert.Equal(9, (await Get("ledger"))!.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Batch_RefusedBeforeAndAfterTheLoss_Conflicts()
    {
        var ledger = await Inserted("ledger", 1);
        await Inserted("run", 7);
        _wire.LoseNext();

        var outcome = await Submit(_rig, TableWrite.Replace(Row("ledger", 2, ledger.ETag)), TableWrite.Insert(Row("run", 1)));

        Assert.Equal(new WriteConflict(0, 1, ConflictKind.Exists), outcome.Conflict);
        Assert.Equal(1, (await Get("ledger"))!.Columns.Int("value"));
    }

    [SuiteFact]
    public async Task Replace_OvertakenWhileItsOutcomeIsUnknown_IsReportedAsUnknown()
    {
        var row = await Inserted("a", 1);
        _wire.Meanwhile = async () => await Submit(_other, TableWrite.Upsert(Row("a", 9)));
        _wire.LoseNext();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Submit(_rig, TableWrite.Replace(Row("a", 2, row.ETag))));
    }

    [SuiteFact]
    public async Task Delete_WhoseFirstTrySucceeded_IsReportedAsUnknownAndIsDone()
    {
        var row = await Inserted("a", 1);
        _wire.LoseNext();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Submit(_rig, TableWrite.Delete(row)));

        Assert.Null(await Get("a"));
    }

    [SuiteFact]
    public async Task DeleteIfExists_WhoseFirstTrySucceeded_Succeeds()
    {
        await Inserted("a", 1);
        _wire.LoseNext();

        Assert.True((await Submit(_rig, TableWrite.DeleteIfExists(_partition, "a"))).Succeeded);
    }

    private static async Task<ChangeOutcome> Submit(StoreRig rig, params TableWrite[] writes) =>
        await rig.Store.SubmitAsync(new(new TableBatch(Table.Tenants, writes)));

    private async Task<TableRow> Inserted(string key, int value)
    {
        Assert.True((await Submit(_other, TableWrite.Insert(Row(key, value)))).Succeeded);
        return (await Get(key))!;
    }

    /// <summary>Creates the table, so that the next request is the write.</summary>
    private async Task Warm() => await Submit(_rig, TableWrite.Upsert(Row("warm", 0)));

    private async Task<TableRow?> Get(string key) => await _other.Store.GetAsync(Table.Tenants, _partition, key);

    private TableRow Row(string key, int value, string? etag = null) => new(_partition, key, new() { ["value"] = value }, etag);
}
