using Headgate.Core.Schedules;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;

namespace Headgate.Functions.Tests.Schedules;

/// <summary>A tenant with schedules, and what became of them.</summary>
internal static class ScheduleRig
{
    /// <summary>Writes a schedule as the call would that makes it.</summary>
    /// <param name="rig">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="everySeconds">How often it comes.</param>
    /// <param name="overlap">While its last run lives.</param>
    /// <param name="catchUp">For what nobody fired in time.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="policy">That its task names.</param>
    public static ScheduleRecord Schedule(
        this RunRig rig,
        string name = "hourly",
        int everySeconds = 3600,
        OverlapRule overlap = OverlapRule.Skip,
        CatchUpRule catchUp = CatchUpRule.Latest,
        string tenant = RunRig.Tenant,
        string policy = "default")
    {
        var now = rig.Wall.GetUtcNow();
        var task = new TaskDefinition("one", "work", [], null, new Dictionary<string, string>(), 60, policy, null, null, null);
        var definition = new ScheduleDefinition(null, everySeconds, "UTC", 0, overlap, catchUp, true, new RunDefinition("run", "normal", null, [task]));
        var times = ScheduleTimes.Of(tenant, name, definition, now);
        var state = times.Begin(now);
        var schedule = new ScheduleRecord(tenant, name, definition, now, state, times.DueAt(state), null, null, now, null);
        rig.Tables.Put(Table.Tenants, ScheduleRow.Write(schedule));
        rig.Tables.Put(Table.Tenants, DueSchedule.Of(schedule)!.Written(now).Writes[0].Row);
        return schedule;
    }

    /// <summary>A round of this process.</summary>
    public static Task RoundAsync(this RunRig rig) => rig.Get<ScheduleRound>().RunAsync(new WokenRuns(), CancellationToken.None);

    /// <summary>Time passes, and then a round is made.</summary>
    public static Task AfterAsync(this RunRig rig, TimeSpan time)
    {
        rig.Clock.Advance(time);
        return rig.RoundAsync();
    }

    /// <summary>Another tenant that may run as much as the first.</summary>
    public static async Task OtherTenantAsync(this RunRig rig, string tenant)
    {
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(tenant, (await rig.LedgerAsync()) with { InFlight = 0 }, null));
        rig.Tables.Put(Table.Tenants, ProfileRow.Write(tenant, new TenantProfile(tenant, rig.Clock.GetUtcNow())));
    }

    /// <summary>Changes its row as it stands.</summary>
    public static async Task ChangeAsync(this RunRig rig, Func<ScheduleRecord, ScheduleRecord> change, string name = "hourly") =>
        rig.Tables.Put(Table.Tenants, ScheduleRow.Write(change(await rig.ReadAsync(name))));

    public static async Task<ScheduleRecord> ReadAsync(this RunRig rig, string name = "hourly", string tenant = RunRig.Tenant) =>
        ScheduleRow.Read((await rig.Tables.GetAsync(Table.Tenants, tenant, RowKeys.Schedule(name)))!);

    public static async Task<List<RunRecord>> RunsAsync(this RunRig rig, string tenant = RunRig.Tenant) =>
        [.. (await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenant, RowKeys.RunPrefix))).Rows.Select(row => new RunRecord(row))];

    /// <summary>The list of those that are due, the soonest first.</summary>
    public static async Task<List<DueSchedule>> ListedAsync(this RunRig rig) =>
        [.. (await rig.Tables.QueryAsync(new TableQuery(Table.Tenants, RowKeys.DueSchedules))).Rows.Select(row => DueSchedule.Read(row)!)];
}
