using Headgate.Core.Objectives;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Objectives;

/// <summary>
/// Tallies in rows, in which several processes add up. Each event stands in a short piece and in an hour. Some 80 short pieces and 750 hours are kept.
/// </summary>
public sealed class TallyBook(ITableStore tables, TimeProvider clock)
{
    private const int Tries = 8;
    private static readonly TimeSpan s_hoursKept = TimeSpan.FromDays(31);
    private static readonly TimeSpan s_shortKept = TallySlots.ShortFor + TimeSpan.FromHours(1);

    /// <returns>False where other processes kept winning, and nothing was written.</returns>
    public async ValueTask<bool> AddAsync(IReadOnlyDictionary<Series, Tally> tallies, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        string[] keys = [RowKeys.ShortTally(TallySlots.Begin(now, TallySlots.Short)), RowKeys.LongTally(TallySlots.Begin(now, TallySlots.Long))];
        for (var tries = 0; tries < Tries; tries++)
        {
            var writes = new TableWrite[keys.Length];
            for (var i = 0; i < keys.Length; i++)
                writes[i] = await SumAsync(keys[i], tallies, cancellationToken);
            if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, writes)), cancellationToken)).Succeeded)
                return true;
        }

        return false;
    }

    /// <summary>Everything that is kept, by the beginning of its piece. Forgets what is too old.</summary>
    public async ValueTask<TallyHistory> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return new(
            now,
            await ReadAsync(RowKeys.ShortTallyPrefix, RowKeys.ShortTally(TallySlots.Begin(now - s_shortKept, TallySlots.Short)), cancellationToken),
            await ReadAsync(RowKeys.LongTallyPrefix, RowKeys.LongTally(TallySlots.Begin(now - s_hoursKept, TallySlots.Long)), cancellationToken));
    }

    private async ValueTask<TableWrite> SumAsync(string key, IReadOnlyDictionary<Series, Tally> tallies, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.Tenants, RowKeys.Service, key, cancellationToken);
        var sum = row is null ? [] : TallyRow.Read(row);
        foreach (var (series, tally) in tallies)
            sum[series] = sum.GetValueOrDefault(series) + tally;
        return row is null ? TableWrite.Insert(TallyRow.Write(key, sum, null)) : TableWrite.Replace(TallyRow.Write(key, sum, row.ETag));
    }

    private async ValueTask<List<(DateTimeOffset Begin, Dictionary<Series, Tally> Tallies)>> ReadAsync(string prefix, string oldest, CancellationToken cancellationToken)
    {
        var kept = new List<(DateTimeOffset, Dictionary<Series, Tally>)>();
        var old = new List<TableWrite>();
        var query = TableQuery.Prefix(Table.Tenants, RowKeys.Service, prefix);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (string.CompareOrdinal(row.RowKey, oldest) >= 0 && RowKeys.TimeOfTally(row.RowKey) is { } begin)
                    kept.Add((begin, TallyRow.Read(row)));
                else if (old.Count < TableBatch.MaxWrites)
                    old.Add(TableWrite.DeleteIfExists(row.PartitionKey, row.RowKey));
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        if (old.Count > 0)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, old)), cancellationToken);
        return kept;
    }
}

/// <param name="Now">When it was read; what stands after it, by a clock that was ahead, counts for nothing.</param>
public sealed record TallyHistory(
    DateTimeOffset Now,
    IReadOnlyList<(DateTimeOffset Begin, Dictionary<Series, Tally> Tallies)> Short,
    IReadOnlyList<(DateTimeOffset Begin, Dictionary<Series, Tally> Tallies)> Long)
{
    public IEnumerable<Series> Series => Long.SelectMany(piece => piece.Tallies.Keys).Distinct();

    public Tally Sum(Series series, TimeSpan window)
    {
        var oldest = TallySlots.Oldest(Now, window);
        var sum = default(Tally);
        foreach (var (begin, tallies) in TallySlots.LengthFor(window) == TallySlots.Short ? Short : Long)
        {
            if (begin >= oldest && begin <= Now)
                sum += tallies.GetValueOrDefault(series);
        }

        return sum;
    }
}
