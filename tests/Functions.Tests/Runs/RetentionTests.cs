using Headgate.Core.Identity;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

public sealed class RetentionTests
{
    [Fact]
    public async Task Run_OldKeyUsedAnewMeanwhile_TheNewAnswerIsKept()
    {
        using var rig = new RunRig();
        var key = IdempotencyRow.Key("runs", "key");
        var answered = rig.Clock.GetUtcNow();
        TableRow Answer(string runId, DateTimeOffset at) => IdempotencyRow.Write(RunRig.Tenant, key, new RememberedAnswer("hash", runId, [], at));
        rig.Tables.Put(Table.Tenants, Answer("old", answered));
        rig.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        rig.BeforeWriteTo(Table.Tenants, () =>
        {
            rig.Tables.Put(Table.Tenants, Answer("new", rig.Clock.GetUtcNow()));
            return Task.CompletedTask;
        });
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        var kept = await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, key);
        Assert.Equal("new", IdempotencyRow.Read(kept!).RunId);
    }

    [Fact]
    public async Task Run_KeysPastTheirEnd_AreRemovedAndOthersStay()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        foreach (var (id, end) in new (string, DateTimeOffset?)[] { ("past", now.AddSeconds(-1)), ("later", now.AddHours(1)), ("ever", null) })
        {
            rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant(id), new Columns { { "expiresAt", end } }));
            rig.Tables.Put(Table.Keys, new TableRow(id, RowKeys.ApiKey, new Columns { { "expiresAt", end } }));
        }

        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        foreach (var id in new[] { "past", "later", "ever" })
        {
            Assert.Equal(id == "past", await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.KeyOfTenant(id)) is null);
            Assert.Equal(id == "past", await rig.Tables.GetAsync(Table.Keys, id, RowKeys.ApiKey) is null);
        }
    }

    [Fact]
    public async Task Run_OneTenantFails_TheOthersAreDone()
    {
        using var rig = new RunRig();
        rig.Tables.Put(Table.Tenants, new TableRow(RowKeys.TenantDirectory, "beta", []));
        var old = Entry(rig.Clock.GetUtcNow().AddYears(-5));
        rig.Tables.Put(Table.Audit, old with { PartitionKey = "beta" });
        rig.Tables.Queried = query => query is { Table: Table.DeadLetters, PartitionKey: RunRig.Tenant } ? throw new InvalidDataException("broken") : Task.CompletedTask;

        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        Assert.Null(await rig.Tables.GetAsync(Table.Audit, "beta", old.RowKey));
    }

    [Fact]
    public async Task RunWhenDue_OldKeyUsedAnewMeanwhile_GoesOnWithTheOthersNextTime()
    {
        using var rig = new RunRig();
        string[] keys = [IdempotencyRow.Key("runs", "one"), IdempotencyRow.Key("runs", "other")];
        TableRow Answer(string key) => IdempotencyRow.Write(RunRig.Tenant, key, new RememberedAnswer("hash", "run", [], rig.Clock.GetUtcNow()));
        foreach (var key in keys)
            rig.Tables.Put(Table.Tenants, Answer(key));
        rig.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        rig.BeforeWriteTo(Table.Tenants, () =>
        {
            rig.Tables.Put(Table.Tenants, Answer(keys[0]));
            return Task.CompletedTask;
        });

        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        Assert.Equal(keys.Order(StringComparer.Ordinal), await KeptAsync());
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Equal([keys[0]], await KeptAsync());

        async Task<IEnumerable<string>> KeptAsync() =>
            (await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RunRig.Tenant, RowKeys.IdempotencyPrefix))).Rows.Select(row => row.RowKey);
    }

    [Fact]
    public async Task RunWhenDue_WithinTheHour_RemovesNothingMore()
    {
        using var rig = new RunRig();
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow().AddYears(-5)));

        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        Assert.Single(await AuditAsync(rig));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Empty(await AuditAsync(rig));
    }

    [Fact]
    public async Task RunWhenDue_MoreThanAPassTakes_GoesOnNextTime()
    {
        using var rig = new RunRig();
        for (var i = 0; i < 501; i++)
            rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow().AddYears(-5).AddMinutes(i)));

        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        Assert.Single(await AuditAsync(rig));
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Empty(await AuditAsync(rig));
    }

    [Fact]
    public async Task RunWhenDue_ClockSetForward_RemovesNothingYoungUntilItHasStoodForADay()
    {
        using var rig = new RunRig();
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow()));

        rig.Wall.Offset = TimeSpan.FromDays(3650);
        // It is noticed with the first pass that follows, an hour later.
        for (var hour = 0; hour <= 24; hour++)
        {
            await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
            Assert.Single(await AuditAsync(rig));
            rig.Clock.Advance(TimeSpan.FromHours(1));
        }

        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Empty(await AuditAsync(rig));
    }

    [Fact]
    public async Task RunWhenDue_ClockAheadAtTheStart_RemovesNothingYoungUntilItHasStoodForAnHour()
    {
        using var rig = new RunRig();
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow()));

        rig.Wall.Offset = TimeSpan.FromDays(3650);
        using var next = rig.OtherProcess();
        for (var minute = 0; minute < 60; minute++)
        {
            await next.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
            Assert.Single(await AuditAsync(rig));
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        rig.Clock.Advance(TimeSpan.FromHours(1));
        await next.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Empty(await AuditAsync(rig));
    }

    [Fact]
    public async Task RunWhenDue_ProcessesThatTakeTurns_BelieveAClockThatIsAheadOnceItHasStoodForAnHour()
    {
        using var rig = new RunRig();
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow()));

        rig.Wall.Offset = TimeSpan.FromDays(3650);
        using var second = rig.OtherProcess();
        await second.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        Assert.Single(await AuditAsync(rig));
        rig.Clock.Advance(TimeSpan.FromHours(1));
        using var third = rig.OtherProcess();
        await third.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        Assert.Empty(await AuditAsync(rig));
    }

    [Fact]
    public async Task RunWhenDue_ProcessesOfHalfAnHourADay_BelieveTheClockInTheEnd()
    {
        using var rig = new RunRig();
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow().AddYears(-5)));
        rig.Tables.Put(Table.Audit, Entry(rig.Clock.GetUtcNow()));

        // Four years of evenings, in steps of a year: only what stands while a process lives counts.
        for (var evening = 0; evening < 4; evening++)
        {
            rig.Wall.Offset += TimeSpan.FromDays(365);
            using var process = rig.OtherProcess();
            for (var minute = 0; minute <= 30; minute++)
            {
                await process.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);
                rig.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        Assert.Empty(await AuditAsync(rig));
    }

    private static async Task<IReadOnlyList<TableRow>> AuditAsync(RunRig rig) => (await rig.Tables.QueryAsync(new(Table.Audit, RunRig.Tenant))).Rows;

    private static TableRow Entry(DateTimeOffset at) => new(RunRig.Tenant, RunId.Create(at, 0), []);
}
