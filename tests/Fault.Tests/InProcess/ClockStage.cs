using System.Net;
using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Actors.Walls;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>The acts of a seed of clocks, in order.</summary>
internal sealed class ClockStage(World world, ClockHands hands, ManualClock clock)
{
    /// <summary>More than any wait of the service, wherever the clock was set to.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(40);

    /// <summary>A pass of retention comes each hour, with a round of maintenance.</summary>
    private static readonly TimeSpan s_pass = TimeSpan.FromMinutes(61);

    private bool IsUnbroken => world.Sightings.BrokenInvariants.Count == 0;

    public async Task PlayAsync()
    {
        var cast = new Cast(world);
        var (paused, retrier) = (await PausedTenant.CreateAsync(world, hands), await Retrier.CreateAsync(world, hands));
        IActor[] ofTheWall = [await MonthlyTenant.CreateAsync(world), await ExpiringKeys.CreateAsync(world, hands), await Repeater.CreateAsync(world, hands), paused, retrier];
        await DisturbAsync(cast, ofTheWall);
        await paused.EndAsync();
        await retrier.EndAsync();
        var due = clock.GetUtcNow() + s_longest;
        await cast.SettleAsync(wait: 0, oneAgentIsGone: world.Chance.OneIn(2), between: () =>
        {
            Pass(TimeSpan.FromSeconds(1));
            return Task.FromResult(clock.GetUtcNow() < due);
        });
        if (IsUnbroken && world.Chance.OneIn(4))
            await AgeAsync();
    }

    private async Task DisturbAsync(Cast cast, IActor[] ofTheWall)
    {
        for (var step = world.Chance.Between(50, 100); step > 0 && IsUnbroken; step--)
        {
            if (world.Chance.OneIn(8))
            {
                world.Sightings.Note($"the clock is set from {hands.Now:O}");
                world.Sightings.Note($"the clock is set to {hands.Set():O}");
            }

            Pass(TimeSpan.FromMilliseconds(world.Chance.OneIn(3) ? world.Chance.Between(2_000, 20_000) : world.Chance.Between(0, 1_000)));
            var actors = world.Chance.Shuffled(cast.Actors).Take(world.Chance.Between(1, cast.Actors.Count)).Concat(ofTheWall);
            await Task.WhenAll([.. actors.Select(actor => actor.StepAsync())]);
        }
    }

    /// <summary>What has ended is kept for its days on the wall, and goes within an hour after, though an earlier pass was made by a later clock.</summary>
    private async Task AgeAsync()
    {
        var run = world.Chance.Of(world.Runs.All.Where(each => each.Ended is not null).ToList());
        hands.SetTo(hands.Now + TimeSpan.FromDays(15));
        await PassSlowlyAsync(s_pass);
        await IsAnsweredAsync(run.Path, HttpStatusCode.OK);
        hands.SetTo(hands.Now - TimeSpan.FromDays(15));
        await PassSlowlyAsync(s_pass);
        hands.SetTo(hands.Now + TimeSpan.FromDays(40));
        await PassSlowlyAsync(s_pass);
        await IsAnsweredAsync(run.Path, HttpStatusCode.NotFound);
    }

    private async Task IsAnsweredAsync(string path, HttpStatusCode wanted)
    {
        var reply = await world.Operator.GetAsync(path);
        world.Sightings.Holds(reply?.Status == wanted, () => $"at {hands.Now:O} {path} was answered {reply?.Body?.ToJsonString()}");
    }

    private void Pass(TimeSpan time)
    {
        clock.Advance(time);
        hands.Visited();
    }

    // Timers start rounds that go on beside the clock.
    private async Task PassSlowlyAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            Pass(TimeSpan.FromMinutes(1));
            await world.Operator.GetAsync("/ready");
        }
    }
}
