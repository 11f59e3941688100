using System.Globalization;
using System.Text.Json;
using Headgate.Core.Metering;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>Reads what a tenant used.</summary>
public sealed class UsageReader(ITableStore tables, TimeProvider clock)
{
    /// <param name="tenant">Read before: the piece that is open then is in no row, or in one that says more.</param>
    /// <param name="month">Its first day.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async ValueTask<MonthUsage> ReadAsync(TenantSnapshot tenant, DateOnly month, CancellationToken cancellationToken)
    {
        var pieces = new Dictionary<int, UsagePiece>();
        if (tenant.Ledger.Usage is { } open)
            pieces[open.Number] = open;
        var end = month.AddMonths(1);
        var query = new TableQuery(Table.Tenants, tenant.TenantId, RowKeys.UsageOf(month), TableQuery.After(RowKeys.UsagePrefix));
        for (var isDone = false; !isDone;)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                var piece = UsageRow.Read(row);
                pieces[piece.Number] = piece;
                // The first one after the month says what was in flight at its end.
                isDone = piece.Day >= end;
                if (isDone)
                    break;
            }

            query = query with { Continuation = page.Continuation };
            isDone |= page.Continuation is null;
        }

        return MonthUsage.Of(month, pieces.Values, UsagePiece.DayOf(tenant.Profile.CreatedAt), UsagePiece.DayOf(clock.GetUtcNow()), tenant.Ledger.InFlight);
    }

    /// <summary>Refusals by day and code, as far as they are written.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="month">Its first day.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async ValueTask<IReadOnlyDictionary<DateOnly, Dictionary<string, int>>> RefusalsAsync(string tenantId, DateOnly month, CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<DateOnly, Dictionary<string, int>>();
        var query = TableQuery.Prefix(Table.Usage, tenantId, RowKeys.RefusalsOf(month));
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                refusals[DateOnly.ParseExact(row.RowKey.AsSpan(RowKeys.RefusalsPrefix.Length), RowKeys.UsageDay, CultureInfo.InvariantCulture)] = Refusals(row);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return refusals;
    }

    /// <summary>What a day's row counts, by code.</summary>
    public static Dictionary<string, int> Refusals(TableRow row) =>
        row.Columns.String("counts") is { } counts ? JsonSerializer.Deserialize(counts, StoredJson.Default.DictionaryStringInt32)! : [];

    public static TableRow RefusalsRow(string tenantId, DateOnly day, Dictionary<string, int> counts, string? etag) => new(
        tenantId, RowKeys.Refusals(day), new Columns(1) { { "counts", JsonSerializer.Serialize(counts, StoredJson.Default.DictionaryStringInt32) } }, etag);
}
