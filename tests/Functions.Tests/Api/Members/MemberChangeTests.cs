using Headgate.Core.Access;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Members;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Api.Members;

/// <summary>Two processes that change a tenant's members at once.</summary>
public sealed class MemberChangeTests
{
    private static readonly OperatorCaller s_caller = new("ops");

    [Fact]
    public async Task Remove_OtherOwnerLeavesElsewhereMeanwhile_TheLastOneStays()
    {
        using var rig = new RunRig();
        using var other = rig.OtherProcess();
        foreach (var name in new[] { "ada", "ben" })
            rig.Tables.Put(Table.Tenants, MemberRow.Write(RunRig.Tenant, new Member(name, Role.Owner, null, rig.Clock.GetUtcNow())));
        // The other process wins right after this one has read who is there.
        rig.Tables.Queried = async query =>
        {
            if (query.From != RowKeys.MemberPrefix)
                return;
            rig.Tables.Queried = null;
            Assert.Null(await RemoveAsync(other, "ben"));
        };

        var removing = RemoveAsync(rig, "ada");
        // Who loses a race waits for a moment, and looks again.
        while (!removing.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("last-owner", await removing);
        Assert.NotNull(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, MemberRow.Key("ada")));
    }

    [Fact]
    public async Task Put_SameAgain_WritesNothing()
    {
        using var rig = new RunRig();
        Assert.True((await PutAsync(rig)).IsNew);
        var submits = rig.Tables.Submits;

        var again = await PutAsync(rig);

        Assert.False(again.IsNew);
        Assert.Equal(submits, rig.Tables.Submits);
    }

    [Fact]
    public async Task PutAndRemove_TenantWhoseRemovalHasBegun_AreRefused()
    {
        using var rig = new RunRig();
        var now = rig.Clock.GetUtcNow();
        rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("Acme", now, DeletedAt: now, RemovingAt: now)));

        Assert.Equal("being-removed", (await PutAsync(rig)).Refusal?.Code);
        Assert.Equal("being-removed", await RemoveAsync(rig, "ada"));
    }

    private static async Task<string?> RemoveAsync(RunRig rig, string subject)
    {
        var change = new RemoveMember(rig.Tables, RunRig.Tenant, subject, s_caller, "request", rig.Get<NewestFirstIds>());
        return (await rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, change)).Value!.Refusal?.Code;
    }

    private static async Task<MemberOutcome> PutAsync(RunRig rig)
    {
        var change = new PutMember(rig.Tables, RunRig.Tenant, "ada", s_caller, Role.Viewer, "Ada", "request", rig.Get<NewestFirstIds>());
        return (await rig.Get<TenantGate>().SubmitAsync(RunRig.Tenant, change)).Value!;
    }
}
