using FsCheck;
using FsCheck.Fluent;
using Headgate.Ports;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tests.Log;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Tables;

/// <summary>
/// Compares random changes and reads with a dictionary, while rows move from memory to journal and tables at random times: on their own,
/// on request, or not at all because the writer is blocked.
/// </summary>
public sealed class OverlayProperties : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly EmbeddedStore _storage;
    private int _cases;

    public OverlayProperties() => _storage = EmbeddedStore.Open(_folder.Path, TimeProvider.System, _ => { }, DiskSync.Off);

    [Fact]
    public void Store_UnderAnyInterleavingOfFlushes_EqualsADictionary() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), steps => Run(steps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(150));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private bool Run(ushort[] steps)
    {
        var partition = $"case{_cases++}";
        var model = new SortedDictionary<string, (int Value, string ETag)>(StringComparer.Ordinal);
        ManualResetEventSlim? hold = null;
        for (var i = 0; i < steps.Length; i++)
        {
            var (step, pick) = (steps[i] % 16, steps[i] / 16);
            var key = $"k{pick % 7}";
            if (step is 0 or 1 && hold is null)
                _storage.Log.Append(new Note("held", (hold = new()).Wait));
            else if (step is 2 or 3)
                hold = Release(hold, merges: step == 3);
            else if (step is 4)
                AssertSame(partition, model, take: 1 + (pick % 4));
            else
                Change(partition, key, step, i, model);
            Assert.Equal(model.TryGetValue(key, out var expected) ? (expected.Value, expected.ETag) : null, Read(partition, key));
        }

        AssertSame(partition, model, take: 3);
        Release(hold, merges: false);
        _storage.Log.FlushedAsync().AsTask().GetAwaiter().GetResult();
        Release(null, merges: true);
        AssertSame(partition, model, take: 3);
        return true;
    }

    private ManualResetEventSlim? Release(ManualResetEventSlim? hold, bool merges)
    {
        hold?.Set();
        if (merges)
            _storage.Log.MergedAsync().AsTask().GetAwaiter().GetResult();
        return null;
    }

    private void Change(string partition, string key, int step, int value, SortedDictionary<string, (int Value, string ETag)> model)
    {
        var known = model.TryGetValue(key, out var current);
        // A wrong ETag half of the time, so that conditions fail too.
        var etag = step % 2 == 0 ? current.ETag ?? "1" : "1";
        var row = new TableRow(partition, key, new Columns { ["value"] = value }, etag);
        var (write, conflict) = step switch
        {
            5 or 6 => (TableWrite.Insert(row), known ? ConflictKind.Exists : (ConflictKind?)null),
            7 or 8 or 9 or 10 => (TableWrite.Replace(row), Condition()),
            11 or 12 => (TableWrite.Delete(row), Condition()),
            13 => (TableWrite.DeleteIfExists(partition, key), null),
            _ => (TableWrite.Upsert(row), null),
        };
        var outcome = Submit(write);
        Assert.Equal(conflict, outcome.Conflict?.Kind);
        if (!outcome.Succeeded)
            return;
        if (write.Kind is WriteKind.Delete or WriteKind.DeleteIfExists)
            model.Remove(key);
        else
            model[key] = (value, outcome.ETags[0][0]);

        ConflictKind? Condition() => !known ? ConflictKind.Missing : etag == current.ETag ? null : ConflictKind.Changed;
    }

    private ChangeOutcome Submit(TableWrite write) =>
        _storage.Tables.SubmitAsync(new(new TableBatch(Table.Tenants, write))).AsTask().GetAwaiter().GetResult();

    private (int, string)? Read(string partition, string key) =>
        _storage.Tables.GetAsync(Table.Tenants, partition, key).AsTask().GetAwaiter().GetResult() is { } row ? (row.Columns.Int("value")!.Value, row.ETag!) : null;

    private void AssertSame(string partition, SortedDictionary<string, (int Value, string ETag)> model, int take)
    {
        var query = new TableQuery(Table.Tenants, partition, Take: take);
        var rows = new List<TableRow>();
        do
        {
            var page = _storage.Tables.QueryAsync(query).AsTask().GetAwaiter().GetResult();
            rows.AddRange(page.Rows);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        Assert.Equal(
            model.Select(entry => (entry.Key, entry.Value.Value, entry.Value.ETag)),
            rows.Select(row => (row.RowKey, row.Columns.Int("value")!.Value, row.ETag!)));
    }
}
