using System.Runtime.CompilerServices;
using Headgate.Contracts.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>Dead letters of one tenant, newest runs first.</summary>
public sealed class DeadLetterReader(ITableStore tables)
{
    /// <summary>Rows that one page looks at.</summary>
    public const int MaxScanned = 1000;

    /// <summary>Pages that a count looks at.</summary>
    private const int MaxPages = 10;

    /// <param name="tenantId">Whose.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">Id of the last one already looked at.</param>
    /// <param name="take">At most so many; a page may be shorter, and not the last.</param>
    /// <returns>The letters, and the id to go on behind; null at the end.</returns>
    public ValueTask<(List<DeadLetterView> Letters, string? Last)> PageAsync(
        string tenantId, DeadLetterFilter filter, string? after, int take, CancellationToken cancellationToken) =>
        PageFromAsync(tenantId, filter, after is null ? null : Behind(after), take, cancellationToken);

    /// <summary>The first key behind an id: '!' is the least character that one may go on with.</summary>
    public static string Behind(string id) => id + "!";

    /// <summary>The first key behind all letters of a run, whose ids are its own, a point and the task's name.</summary>
    public static string BehindRun(string runId) => TableQuery.After(runId + ".");

    /// <inheritdoc cref="PageAsync"/>
    /// <param name="from">The first key to look at; null for the first of all.</param>
    public async ValueTask<(List<DeadLetterView> Letters, string? Last)> PageFromAsync(
        string tenantId, DeadLetterFilter filter, string? from, int take, CancellationToken cancellationToken)
    {
        var scan = filter == DeadLetterFilter.All ? Math.Min(take + 1, MaxScanned) : MaxScanned;
        var page = await tables.QueryAsync(new TableQuery(Table.DeadLetters, tenantId, from, Take: scan), cancellationToken);
        var letters = new List<DeadLetterView>();
        foreach (var row in page.Rows)
        {
            if (!filter.Matches(row.Columns))
                continue;
            if (letters.Count == take)
                return (letters, letters[^1].Id);
            letters.Add(View(row));
        }

        return (letters, page.Continuation is null ? null : page.Rows[^1].RowKey);
    }

    /// <summary>All that match, page by page.</summary>
    public async IAsyncEnumerable<DeadLetterView> AllAsync(string tenantId, DeadLetterFilter filter, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var (letters, last) = await PageAsync(tenantId, filter, after, MaxScanned, cancellationToken);
            foreach (var letter in letters)
                yield return letter;
            after = last;
        }
        while (after is not null);
    }

    /// <summary>How many match, of the newest 10,000, and the first of them.</summary>
    public async ValueTask<(int Matching, List<DeadLetterView> Sample)> CountAsync(string tenantId, DeadLetterFilter filter, int sample, CancellationToken cancellationToken)
    {
        var (matching, first, after) = (0, new List<DeadLetterView>(), (string?)null);
        for (var page = 0; page < MaxPages; page++)
        {
            (var letters, after) = await PageAsync(tenantId, filter, after, MaxScanned, cancellationToken);
            matching += letters.Count;
            first.AddRange(letters.Take(sample - first.Count));
            if (after is null)
                break;
        }

        return (matching, first);
    }

    public async ValueTask<TableRow?> FindAsync(string tenantId, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.DeadLetters, tenantId, id, cancellationToken);

    /// <summary>Removes all letters of a run.</summary>
    public async ValueTask RemoveAsync(string tenantId, string runId, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.DeadLetters, tenantId, runId + "."), cancellationToken);
        foreach (var rows in page.Rows.Chunk(TableBatch.MaxWrites))
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.DeadLetters, [.. rows.Select(row => TableWrite.DeleteIfExists(tenantId, row.RowKey))])), cancellationToken);
    }

    public static DeadLetterView View(TableRow row) => new(
        row.RowKey,
        row.Columns.Required("runId"),
        row.RowKey,
        row.Columns.Required("type"),
        row.Columns.String("errorCategory"),
        row.Columns.String("errorMessage"),
        row.Columns.Int("attempts") ?? 0,
        row.Columns.Time("at") ?? DateTimeOffset.MinValue);
}
