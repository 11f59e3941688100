using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

public sealed class RunWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly RunRig _rig = new();
    private readonly RunWatch _watch;

    public RunWatchTests() => _watch = Watch(isAlone: false);

    private DateTimeOffset Now => _rig.Clock.GetUtcNow();

    [Fact]
    public void IsDue_YoungRun_OnceItIsAsOldAsThePatience()
    {
        var sentAt = Now - TimeSpan.FromSeconds(10);

        Assert.False(WholeRound(sentAt));
        _rig.Clock.Advance(Patience - TimeSpan.FromSeconds(11));
        Assert.False(WholeRound(sentAt));
        _rig.Clock.Advance(Second);

        Assert.True(WholeRound(sentAt));
    }

    [Fact]
    public void IsDue_SentInTheFutureOfAClockThatWasSetBack_AfterThePatience()
    {
        var sentAt = Now + TimeSpan.FromHours(1);

        Assert.False(WholeRound(sentAt));
        _rig.Clock.Advance(Patience);

        Assert.True(WholeRound(sentAt));
    }

    [Fact]
    public void IsDue_DoubtedMeanwhile_UntilItIsFoundWell()
    {
        var alone = Watch(isAlone: true);
        _rig.Clock.Advance(Second);
        var sentAt = Now;
        _rig.Clock.Advance(Second);
        Assert.False(WholeRound(sentAt, alone));

        alone.Doubt(RunRig.Tenant, "run");

        Assert.True(WholeRound(sentAt, alone));
        Assert.True(WholeRound(sentAt, alone, well: true));
        Assert.False(WholeRound(sentAt, alone));
    }

    [Theory]
    [InlineData(true, null, 30)]
    [InlineData(true, 60, 90)]
    [InlineData(true, -60, 30)]
    [InlineData(true, 86_400, 600)]
    [InlineData(false, 86_400, 30)]
    public void Well_QuietForATime_IsLookedAtAfterItAndAfterTenMinutesAtTheLatest(bool isAlone, int? quietSeconds, int wait)
    {
        var (watch, sentAt) = (Watch(isAlone), Now - Patience);
        DateTimeOffset? quietUntil = quietSeconds is { } seconds ? Now.AddSeconds(seconds) : null;

        Assert.True(WholeRound(sentAt, watch, well: true, quietUntil: quietUntil));
        _rig.Clock.Advance(TimeSpan.FromSeconds(wait - 1));
        Assert.False(WholeRound(sentAt, watch));
        _rig.Clock.Advance(Second);

        Assert.True(WholeRound(sentAt, watch));
    }

    [Fact]
    public void Sent_Again_HasThePatienceAnew()
    {
        var sentAt = Now - Patience;
        Assert.True(WholeRound(sentAt));

        _watch.Sent(RunRig.Tenant, "run");

        Assert.False(WholeRound(sentAt));
        _rig.Clock.Advance(Patience);
        Assert.True(WholeRound(sentAt));
    }

    [Fact]
    public async Task IsUnchanged_AfterAWholeRound_UntilTheLedgerChanges()
    {
        await _rig.SubmitAsync();
        var tenant = await TenantAsync();
        Assert.False(_watch.IsUnchanged(tenant));

        WholeRound(Now, before: tenant);

        Assert.True(_watch.IsUnchanged(tenant));
        Assert.True(_watch.IsLive("run"));
        await _rig.SubmitAsync();
        Assert.False(_watch.IsUnchanged(await TenantAsync()));
    }

    [Fact]
    public async Task IsUnchanged_LedgerCountsOtherwise_False()
    {
        var tenant = await TenantAsync();

        WholeRound(Now, before: tenant);

        Assert.False(_watch.IsUnchanged(tenant));
    }

    [Fact]
    public async Task IsUnchanged_WholeRoundThatDidNotEnd_False()
    {
        await _rig.SubmitAsync();
        var tenant = await TenantAsync();
        WholeRound(Now, before: tenant);

        _watch.BeginWhole(RunRig.Tenant);

        Assert.False(_watch.IsUnchanged(tenant));
    }

    [Fact]
    public void DueRuns_BetweenWholeRounds_ThoseWhoseTimeHasComeOrThatAreInDoubt()
    {
        var alone = Watch(isAlone: true);
        var tenants = new HashSet<string> { RunRig.Tenant };
        WholeRound(Now, alone, run: "one");
        _rig.Clock.Advance(Second);
        alone.Begin(tenants);
        Assert.Empty(alone.DueRuns(RunRig.Tenant));

        alone.Doubt(RunRig.Tenant, "one");
        alone.Doubt(RunRig.Tenant, "no such run");
        alone.Begin(tenants);
        Assert.Equal(["one"], alone.DueRuns(RunRig.Tenant));
        Assert.True(alone.IsDoubted(RunRig.Tenant, "one"));
        alone.Well(RunRig.Tenant, "one", null);
        Assert.Empty(alone.DueRuns(RunRig.Tenant));
        Assert.False(alone.IsDoubted(RunRig.Tenant, "one"));

        _rig.Clock.Advance(Patience);
        Assert.Equal(["one"], alone.DueRuns(RunRig.Tenant));
    }

    [Fact]
    public void Begin_TenantGone_ItsRunsAreForgotten()
    {
        WholeRound(Now);

        _watch.Begin(new HashSet<string>());

        Assert.False(_watch.IsLive("run"));
    }

    [Fact]
    public void EndWhole_RunNotMet_IsForgotten()
    {
        WholeRound(Now, run: "ended");

        WholeRound(Now);

        Assert.True(_watch.IsLive("run"));
        Assert.False(_watch.IsLive("ended"));
    }

    public void Dispose() => _rig.Dispose();

    private RunWatch Watch(bool isAlone) => new(isAlone ? Arrangement.Alone : Arrangement.SharedAll, new HeadgateOptions(), _rig.Clock);

    private async Task<TenantSnapshot> TenantAsync() => (await _rig.Get<TenantReader>().ReadAsync(RunRig.Tenant))!;

    /// <summary>A whole round that meets one live run.</summary>
    /// <returns>Whether the run was due.</returns>
    private bool WholeRound(
        DateTimeOffset sentAt, RunWatch? watch = null, string run = "run", bool well = false, DateTimeOffset? quietUntil = null, TenantSnapshot? before = null, int helps = 0)
    {
        watch ??= _watch;
        watch.Begin(new HashSet<string> { RunRig.Tenant });
        watch.BeginWhole(RunRig.Tenant);
        var due = watch.IsDue(RunRig.Tenant, run, sentAt, helps);
        if (due && well)
            watch.Well(RunRig.Tenant, run, quietUntil);
        watch.EndWhole(RunRig.Tenant, before);
        return due;
    }
}
