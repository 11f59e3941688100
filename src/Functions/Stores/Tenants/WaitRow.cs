using Headgate.Core.Admission;
using Headgate.Core.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>A place in a tenant's queue of waiting runs. It comes and goes in the ledger's transaction.</summary>
public static class WaitRow
{
    public static TableRow Write(string tenantId, WaitingRun run) => new(
        tenantId,
        RowKeys.Wait(run.Place),
        new Columns(3) { { "runId", run.RunId }, { "priority", run.Priority.WireName() }, { "since", run.Since } });

    public static WaitingRun Read(TableRow row) => new(
        int.Parse(row.RowKey.AsSpan(RowKeys.WaitPrefix.Length), System.Globalization.CultureInfo.InvariantCulture),
        row.Columns.Required("runId"),
        TaskPriorities.TryParse(row.Columns.String("priority"), out var priority) ? priority : TaskPriority.Normal,
        row.Columns.Time("since") ?? DateTimeOffset.MinValue);
}
