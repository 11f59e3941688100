using Headgate.Core.Access;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Tenants;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

/// <summary>The removal of a deleted tenant's rows, and what happens meanwhile.</summary>
public sealed class TenantRemovalTests
{
    [Fact]
    public async Task Run_PastItsDays_RemovesAllAndTellsWhoDeletedIt()
    {
        using var rig = Deleted();
        rig.Tables.Put(Table.Tenants, MemberRow.Write(RunRig.Tenant, new Member("ada", Role.Owner, null, rig.Clock.GetUtcNow())));

        Assert.False(await RunAsync(rig));

        Assert.Empty((await rig.Tables.QueryAsync(new TableQuery(Table.Tenants, RunRig.Tenant))).Rows);
        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, RunRig.Tenant));
        Assert.Empty((await rig.Tables.QueryAsync(new TableQuery(Table.Tenants, RowKeys.DeletedTenants))).Rows);
        var audit = AuditEntry.Read(Assert.Single((await rig.Tables.QueryAsync(new TableQuery(Table.Audit, AuditEntry.PlatformPartition))).Rows));
        Assert.Equal(("tenant.removed", RunRig.Tenant, "deleted by key:ops"), (audit.Action, audit.Target, audit.Reason));
    }

    [Fact]
    public async Task Run_NewTenantOfTheNameMeanwhile_IsLeftAlone()
    {
        using var rig = Deleted();
        var now = rig.Clock.GetUtcNow();
        rig.Tables.Queried = query =>
        {
            if (query.Table != Table.DeadLetters)
                return Task.CompletedTask;
            rig.Tables.Queried = null;
            rig.SetStatus(TenantStatus.Active);
            rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("New", now)));
            rig.Tables.Put(Table.Tenants, MemberRow.Write(RunRig.Tenant, new Member("new", Role.Owner, null, now)));
            return Task.CompletedTask;
        };

        Assert.True(await RunAsync(rig));

        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Ledger));
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, MemberRow.Key("new")));
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, RunRig.Tenant));
    }

    [Fact]
    public async Task Run_TenantChangedRightBeforeItsEnd_GoesOnlyInTheNextPass()
    {
        using var rig = Deleted();
        rig.Tables.Submitting = change =>
        {
            if (!change.Batches.Any(batch => batch.Writes.Any(write => write is { Kind: WriteKind.Delete, Row.RowKey: RowKeys.Ledger })))
                return Task.CompletedTask;
            rig.Tables.Submitting = null;
            rig.SetStatus(TenantStatus.Deactivated);
            return Task.CompletedTask;
        };

        Assert.True(await RunAsync(rig));
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Profile));
        Assert.False(await RunAsync(rig));

        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.Profile));
    }

    [Fact]
    public async Task Run_KeyInUse_EndsAtOnce()
    {
        using var rig = Deleted();
        var keys = rig.Get<KeyStore>();
        rig.Tables.Put(Table.Keys, new KeyRecord("k1", new MemberCaller("k1", RunRig.Tenant, Role.Owner), [1], "k", rig.Clock.GetUtcNow(), null).ToRow());
        rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant("k1"), []));
        Assert.NotNull(await keys.FindAsync("k1", CancellationToken.None));

        await RunAsync(rig);

        Assert.Null(await keys.FindAsync("k1", CancellationToken.None));
    }

    [Fact]
    public async Task Run_OneThatCantBeRemoved_KeepsNoOtherFromIt()
    {
        using var rig = Deleted();
        rig.Tables.Put(Table.AgentsByOwner, new TableRow(RunRig.Tenant, "agent", []));
        rig.Tables.Put(Table.Agents, new TableRow("agent", RowKeys.Agent, []));
        Put(rig, DeletedTenantRow.Written("beta", rig.Clock.GetUtcNow(), "key:ops"));

        Assert.True(await RunAsync(rig));

        Assert.Equal(RunRig.Tenant, Assert.Single((await rig.Tables.QueryAsync(new TableQuery(Table.Tenants, RowKeys.DeletedTenants))).Rows).RowKey);
    }

    [Fact]
    public async Task Activate_OnceTheRemovalHasBegun_IsRefused()
    {
        using var rig = Deleted();
        var at = rig.Clock.GetUtcNow();
        rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("Acme", at, DeletedAt: at, RemovingAt: at)));
        var exchange = new Exchange("POST");
        exchange.Http.Admit(new OperatorCaller("ops"));
        var change = new StatusChange(rig.Get<TenantGate>(), rig.Get<TenantWork>(), rig.Get<NewestFirstIds>(), NullLogger<StatusChange>.Instance);

        var reply = await change.ApplyAsync(new FakeInvocation("ActivateTenant", exchange.Http), RunRig.Tenant, StatusMove.Activate, "r", null, null!);

        Assert.Contains("\"being-removed\"", await exchange.AnswerAsync(reply), StringComparison.Ordinal);
        Assert.Equal(TenantStatus.Deactivated, await rig.Get<TenantReader>().StatusAsync(RunRig.Tenant));
    }

    [Fact]
    public async Task Run_ListedBeforeItsDeletionStands_StaysListedForAnHour()
    {
        using var rig = new RunRig();
        Put(rig, DeletedTenantRow.Written(RunRig.Tenant, rig.Clock.GetUtcNow(), "key:ops"));

        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(await RunAsync(rig));
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RowKeys.DeletedTenants, RunRig.Tenant));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await RunAsync(rig));

        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RowKeys.DeletedTenants, RunRig.Tenant));
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, RunRig.Tenant));
    }

    /// <summary>A tenant that was deleted 8 days ago.</summary>
    private static RunRig Deleted()
    {
        var rig = new RunRig();
        rig.SetStatus(TenantStatus.Deactivated);
        var at = rig.Clock.GetUtcNow().AddDays(-8);
        rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("Acme", at, DeletedAt: at)));
        Put(rig, DeletedTenantRow.Written(RunRig.Tenant, at, "key:ops"));
        return rig;
    }

    private static void Put(RunRig rig, TableBatch batch) => rig.Tables.Put(batch.Table, batch.Writes[0].Row);

    private static Task<bool> RunAsync(RunRig rig) => rig.Get<TenantRemoval>().RunAsync(null!, rig.Clock.GetUtcNow(), CancellationToken.None);
}
