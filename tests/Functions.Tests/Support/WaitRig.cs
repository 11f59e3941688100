using System.Globalization;
using System.Text;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Support;

/// <summary>A tenant with few slots, whose runs may have to wait.</summary>
internal static class WaitRig
{
    /// <summary>Gives the tenant its limits, before anybody has looked at it.</summary>
    public static RunRig WithLimits(this RunRig rig, int slots, int waiting = 0, int monthly = 1000)
    {
        var overrides = new LimitOverrides(slots, monthly, MaxWaitingRuns: waiting);
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, Ledger.Open("enterprise", overrides, rig.Clock.GetUtcNow()), null));
        return rig;
    }

    public static async Task ChangeAsync(this RunRig rig, Func<Ledger, Ledger> change) =>
        Assert.Equal(GateStatus.Done, (await rig.Get<TenantGate>().ChangeAsync(RunRig.Tenant, (tenant, _) => new TenantEdit<bool>(true, change(tenant.Ledger)))).Status);

    /// <summary>Asks for a run; the answer names its place, or 0.</summary>
    public static async Task<AdmissionResult> AskAsync(
        this RunRig rig, string priority = "normal", int? wait = null, string? key = null, RunAdmission? admission = null, CancellationToken leaving = default)
    {
        var task = new TaskDefinition("one", "work", [], null, new Dictionary<string, string>(), 60, "default", null, null, null);
        var application = new RunApplication(
            RunRig.Tenant,
            new RunDefinition("run", priority, null, [task]),
            RunOrigin.Api,
            null,
            (_, acceptance) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{acceptance.Place?.Position ?? 0}")),
            key is null ? null : (IdempotencyRow.Key("runs", key), "hash"),
            wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return (await (admission ?? rig.Get<RunAdmission>()).ApplyAsync(application, leaving)).Value!;
    }

    public static async Task<string> AcceptedAsync(this RunRig rig, string priority = "normal") => Assert.IsType<AdmissionResult.Admitted>(await rig.AskAsync(priority)).RunId;

    /// <summary>Ends a run that has a slot.</summary>
    public static async Task FinishAsync(this RunRig rig, string runId)
    {
        var run = (await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!;
        Assert.Equal(GateStatus.Done, (await rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, new FinishRun(run, Core.Runs.RunStatus.Failed, null, Core.Metering.UsageCounts.None, []))).Status);
    }

    public static async Task<string> StatusAsync(this RunRig rig, string runId) =>
        Core.Runs.RunStatuses.WireName((await rig.Get<RunReader>().RunAsync(RunRig.Tenant, runId))!.Status);

    public static async Task<Ledger> LedgerAsync(this RunRig rig) => (await rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!.Ledger;

    /// <summary>Whoever loses a race for the ledger waits for a moment of this clock.</summary>
    public static async Task<T> WhileTimePassesAsync<T>(this RunRig rig, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>How many rows of a kind the tenant has.</summary>
    public static async Task<int> CountAsync(this RunRig rig, string prefix) =>
        (await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RunRig.Tenant, prefix))).Rows.Count;
}
