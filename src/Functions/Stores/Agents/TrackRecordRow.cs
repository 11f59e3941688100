using Headgate.Core.Agents;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Agents;

/// <summary>An agent's record of its tasks of one type, a row of its partition.</summary>
public static class TrackRecordRow
{
    internal const string UsualSecondsColumn = "usualSeconds";

    /// <summary>Without an ETag: of two processes that settle at one instant the later counts, and the record is an attempt short.</summary>
    public static TableRow Write(string agentId, string type, TrackRecord record) => new(
        agentId,
        RowKeys.TrackRecord(type),
        new Columns(4)
        {
            { "failures", record.Failures == 0 ? null : record.Failures },
            { "failingSince", record.FailingSince },
            { "lastSuccessAt", record.LastSuccessAt },
            { UsualSecondsColumn, record.UsualSeconds },
        });

    /// <summary>The type that a row of the agent's partition is the record of; null where it is none.</summary>
    public static string? TypeOf(TableRow row) =>
        row.RowKey.StartsWith(RowKeys.TrackRecordPrefix, StringComparison.Ordinal) ? row.RowKey[RowKeys.TrackRecordPrefix.Length..] : null;

    public static TrackRecord Read(TableRow row) => new(
        row.Columns.Int("failures") ?? 0,
        row.Columns.Time("failingSince"),
        row.Columns.Time("lastSuccessAt"),
        row.Columns.Double(UsualSecondsColumn));
}
