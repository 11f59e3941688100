using Headgate.Core.Objectives;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores.Objectives;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class SharedTalliesTests
{
    private static readonly Series s_series = new(Indicators.Availability, Series.AllPlans);

    [Fact]
    public async Task Run_OfAProcessThatMakesNoRounds_WritesOnceAMinuteAndAtTheEnd()
    {
        using var rig = new RunRig(shared: true);
        using var tallies = Of(rig);
        await tallies.StartAsync(CancellationToken.None);
        rig.Get<Indicators>().Note(Indicators.Availability, isGood: true);
        await PassAsync(rig, async () => (await TallyAsync(rig)).Total == 1);
        rig.Get<Indicators>().Note(Indicators.Availability, isGood: false);
        await tallies.StopAsync(CancellationToken.None);

        Assert.Equal(new Tally(1, 2), await TallyAsync(rig));
    }

    [Fact]
    public async Task Run_StoreWasAway_WritesTheNextTime()
    {
        using var rig = new RunRig(shared: true);
        using var tallies = Of(rig);
        await tallies.StartAsync(CancellationToken.None);
        var tried = new TaskCompletionSource();
        rig.Tables.Submitting = _ =>
        {
            rig.Tables.Submitting = null;
            tried.SetResult();
            throw new StoreUnavailableException("away");
        };
        rig.Get<Indicators>().Note(Indicators.Availability, isGood: true);
        await PassAsync(rig, () => ValueTask.FromResult(tried.Task.IsCompleted));

        await PassAsync(rig, async () => (await TallyAsync(rig)).Total == 1);
        await tallies.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Run_WhereAProcessIsAlone_WritesNothing()
    {
        using var rig = new RunRig();
        using var tallies = Of(rig);
        await tallies.StartAsync(CancellationToken.None);
        rig.Get<Indicators>().Note(Indicators.Availability, isGood: true);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await tallies.StopAsync(CancellationToken.None);

        Assert.Equal(default, await TallyAsync(rig));
    }

    private static SharedTallies Of(RunRig rig) => rig.Get<IEnumerable<IHostedService>>().OfType<SharedTallies>().Single();

    private static async ValueTask<Tally> TallyAsync(RunRig rig) => (await rig.Get<TallyBook>().ReadAsync(CancellationToken.None)).Sum(s_series, TimeSpan.FromDays(30));

    /// <summary>Minutes go by until it is so.</summary>
    private static async Task PassAsync(RunRig rig, Func<ValueTask<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }
}
