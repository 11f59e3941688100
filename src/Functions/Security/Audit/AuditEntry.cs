using Headgate.Contracts.Tenants;
using Headgate.Core.Identity;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Security.Audit;

/// <summary>Who did what, when: a row to write.</summary>
/// <param name="TenantId">Whose audit it belongs to; null for the platform's own.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The caller's name for audits.</param>
/// <param name="Action">What.</param>
/// <param name="Target">On what; null where the tenant itself is meant.</param>
/// <param name="Reason">As given by the caller.</param>
/// <param name="RequestId">The request that did it.</param>
public sealed record AuditEntry(string? TenantId, DateTimeOffset At, string Actor, AuditAction Action, string? Target, string? Reason, string RequestId)
{
    /// <summary>No tenant can have this id.</summary>
    public const string PlatformPartition = "!platform";

    /// <summary>What the row says besides its time, in the order in which its hash covers it.</summary>
    public static IReadOnlyList<string> Texts { get; } = ["actor", "action", "target", "reason", "requestId"];

    public TableRow ToRow(NewestFirstIds ids) => ToRow(ids.Next(At));

    public TableBatch ToBatch(NewestFirstIds ids) => new(Table.Audit, TableWrite.Insert(ToRow(ids)));

    /// <summary>Under an id that is the same each time, for what may be written twice.</summary>
    /// <param name="id">See <see cref="RepeatableId"/>.</param>
    public TableBatch ToBatch(string id) => new(Table.Audit, TableWrite.Upsert(ToRow(id)));

    /// <summary>An id that is the same each time; none that is made by chance is like it.</summary>
    public static string RepeatableId(DateTimeOffset at) => RunId.Create(at, 0);

    /// <summary>Whether a row that waits to be chained has a <see cref="RepeatableId"/>.</summary>
    public static bool IsRepeatable(string waitingKey) => waitingKey.EndsWith(new string('f', 16), StringComparison.Ordinal);

    // It waits to be chained, the oldest first. The platform's own rows are in no chain.
    private TableRow ToRow(string id) => new(TenantId ?? PlatformPartition, TenantId is null ? id : RowKeys.AuditWaiting(id), new Columns
    {
        ["at"] = At,
        ["actor"] = Actor,
        ["action"] = Action.WireName(),
        ["target"] = Target,
        ["reason"] = Reason,
        ["requestId"] = RequestId,
    });

    /// <summary>A row as it is exported.</summary>
    public static AuditLine Line(TableRow row) => new(
        row.RowKey,
        row.Columns.Time("at") ?? RunId.CreatedAt(row.RowKey),
        row.Columns.Required("actor"),
        row.Columns.Required("action"),
        row.Columns.String("target"),
        row.Columns.String("reason"),
        row.Columns.String("requestId"),
        AuditLink.Of(row)?.Sequence,
        AuditLink.Of(row) is { } link ? Convert.ToHexStringLower(link.Previous) : null,
        AuditLink.Of(row) is { } own ? Convert.ToHexStringLower(own.Hash) : null);

    /// <summary>A row as it is listed. Rows of older builds may name a function where the action stands; they keep what they say.</summary>
    public static AuditItem Read(TableRow row) => new(
        row.Columns.Time("at") ?? RunId.CreatedAt(row.RowKey),
        row.Columns.Required("actor"),
        row.Columns.Required("action"),
        row.Columns.String("target"),
        row.Columns.String("reason"));
}
