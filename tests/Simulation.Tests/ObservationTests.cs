using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Traffic;
using Headgate.TestKit;

namespace Headgate.Simulation.Tests;

/// <summary>A check that can't find anything would prove nothing: each is shown a service that breaks its rule.</summary>
public sealed class ObservationTests
{
    private static readonly Tenant Tenant = new("t0001", Plan.All[0], "key", 12, TimeSpan.FromHours(1));
    private readonly ManualClock _clock = new();
    private readonly Observations _seen;

    public ObservationTests() => _seen = new(_clock);

    [Fact]
    public void HandedOut_BeforeTheBackoffHasEnded_IsFound()
    {
        _seen.HandedOut("a", Attempt(1));
        _seen.Settled(Attempt(1), new("retry", _clock.GetUtcNow().AddSeconds(10)));
        _clock.Advance(TimeSpan.FromSeconds(9));
        _seen.HandedOut("a", Attempt(2));

        Assert.Equal(["no attempt begins before its backoff has ended"], Broken());
    }

    [Fact]
    public void HandedOut_OneAttemptTwice_IsFound()
    {
        _seen.HandedOut("a", Attempt(1));
        _seen.HandedOut("b", Attempt(1));

        Assert.Equal(["attempts of a task are handed out in order, each once"], Broken());
    }

    [Fact]
    public void HandedOut_TenantIsStopped_IsFound()
    {
        _seen.Stopped(Tenant, _clock.GetUtcNow().AddMinutes(5));
        _seen.HandedOut("a", Attempt(1));
        _clock.Advance(TimeSpan.FromMinutes(5));
        _seen.HandedOut("a", Attempt(2));

        Assert.Equal(["nothing is handed out while its tenant is stopped"], Broken());
        Assert.Equal(1, _seen.Checks.All.Sum(check => check.Broken));
    }

    [Fact]
    public void Admitted_BeyondTheCap_IsFound()
    {
        _seen.Admitted(Tenant, new("r1", "pending", 2, 1, new("", "", "", ""), "1"));

        Assert.Equal(["an admission is within the cap"], Broken());
    }

    [Fact]
    public void Highest_SpansThatTouch_DoNotOverlap()
    {
        var now = _clock.GetUtcNow();

        Assert.Equal(1, Overlap.Highest([(now, now.AddSeconds(1)), (now.AddSeconds(1), now.AddSeconds(2))]));
        Assert.Equal(2, Overlap.Highest([(now, now.AddSeconds(2)), (now.AddSeconds(1), now.AddSeconds(3)), (now.AddSeconds(2), now.AddSeconds(4))]));
    }

    [Fact]
    public void Figures_OfWaits_AreNearestRanks()
    {
        var waits = new Samples();
        for (var second = 100; second > 0; second--)
            waits.Add(TimeSpan.FromSeconds(second));

        Assert.Equal(new WaitFigures(100, 50, 95, 99, 100), waits.Figures());
    }

    private static ClaimedTask Attempt(int number) => new("r1.build", "r1", Tenant.Id, "build", number, default, 60, null);

    private List<string> Broken() => [.. _seen.Checks.All.Where(check => check.Broken > 0).Select(check => check.Rule)];
}
