using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

public sealed class RunWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RunRig _rig = new();

    private RunWatch Watch => _rig.Get<RunWatch>();

    [Fact]
    public void IsDue_YoungRun_OnceItIsAsOldAsThePatience()
    {
        var sentAt = _rig.Clock.GetUtcNow() - TimeSpan.FromSeconds(10);

        Assert.False(Round(sentAt));
        _rig.Clock.Advance(Patience - TimeSpan.FromSeconds(11));
        Assert.False(Round(sentAt));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(Round(sentAt));
    }

    [Fact]
    public void IsDue_OldRunOfAnEarlierProcess_AtOnce() => Assert.True(Round(_rig.Clock.GetUtcNow() - Patience));

    [Fact]
    public void IsDue_SentInTheFutureOfAClockThatWasSetBack_AfterThePatience()
    {
        var sentAt = _rig.Clock.GetUtcNow() + TimeSpan.FromHours(1);

        Assert.False(Round(sentAt));
        _rig.Clock.Advance(Patience);

        Assert.True(Round(sentAt));
    }

    [Fact]
    public void Well_TimeAfterTime_WaitsTwiceAsLongAndNeverLongerThanTenMinutes()
    {
        var sentAt = _rig.Clock.GetUtcNow() - Patience;
        var waits = new List<double>();

        for (var look = 0; look < 7; look++)
        {
            Assert.True(Round(sentAt, well: true));
            var wait = TimeSpan.Zero;
            while (!Round(sentAt))
            {
                _rig.Clock.Advance(TimeSpan.FromSeconds(10));
                wait += TimeSpan.FromSeconds(10);
            }

            waits.Add(wait.TotalSeconds);
        }

        Assert.Equal([30, 60, 120, 240, 480, 600, 600], waits);
    }

    [Fact]
    public void Well_RunThatGoesOnByItselfSoon_IsLookedAtOnceItShouldHave()
    {
        var sentAt = _rig.Clock.GetUtcNow() - Patience;
        for (var look = 0; look < 5; look++)
        {
            Round(sentAt, well: true);
            _rig.Clock.Advance(RunWatch.LongestWait);
        }

        Round(sentAt, well: true, wakeAt: _rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(Round(sentAt));
        _rig.Clock.Advance(Patience);

        Assert.True(Round(sentAt));
    }

    [Fact]
    public void Sent_Again_HasThePatienceAnew()
    {
        var sentAt = _rig.Clock.GetUtcNow() - Patience;
        Watch.Begin(RunRig.Tenant);
        Assert.True(Watch.IsDue(RunRig.Tenant, "run", sentAt));
        Watch.Sent(RunRig.Tenant, "run");
        Watch.End(RunRig.Tenant, null);

        Assert.False(Round(sentAt));
        _rig.Clock.Advance(Patience);
        Assert.True(Round(sentAt));
    }

    [Fact]
    public async Task IsQuiet_NothingChangedAndNothingDue_UntilARunIs()
    {
        await _rig.SubmitAsync();
        var tenant = await TenantAsync();
        Assert.False(Watch.IsQuiet(tenant));

        Round(_rig.Clock.GetUtcNow(), before: tenant);

        Assert.True(Watch.IsQuiet(tenant));
        Assert.Equal(["run"], Watch.RunsOf(RunRig.Tenant));
        _rig.Clock.Advance(Patience);
        Assert.False(Watch.IsQuiet(tenant));
    }

    [Fact]
    public async Task IsQuiet_AfterAnAdmission_False()
    {
        await _rig.SubmitAsync();
        Round(_rig.Clock.GetUtcNow(), before: await TenantAsync());

        await _rig.SubmitAsync();

        Assert.False(Watch.IsQuiet(await TenantAsync()));
    }

    [Fact]
    public async Task IsQuiet_LedgerCountsOtherwise_False()
    {
        var tenant = await TenantAsync();

        Round(_rig.Clock.GetUtcNow(), before: tenant);

        Assert.False(Watch.IsQuiet(tenant));
    }

    [Fact]
    public async Task IsQuiet_RoundThatDidNotEnd_False()
    {
        await _rig.SubmitAsync();
        var tenant = await TenantAsync();
        Round(_rig.Clock.GetUtcNow(), before: tenant);

        Watch.Begin(RunRig.Tenant);

        Assert.False(Watch.IsQuiet(tenant));
    }

    public void Dispose() => _rig.Dispose();

    private async Task<TenantSnapshot> TenantAsync() => (await _rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;

    /// <returns>Whether the one live run was due.</returns>
    private bool Round(DateTimeOffset sentAt, bool well = false, DateTimeOffset? wakeAt = null, TenantSnapshot? before = null)
    {
        Watch.Begin(RunRig.Tenant);
        var due = Watch.IsDue(RunRig.Tenant, "run", sentAt);
        if (due && well)
            Watch.Well(RunRig.Tenant, "run", wakeAt);
        Watch.End(RunRig.Tenant, before);
        return due;
    }
}
