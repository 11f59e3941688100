using System.Diagnostics;
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

    /// <summary>More than runs are kept for.</summary>
    private static readonly TimeSpan s_past = TimeSpan.FromDays(40);

    /// <summary>A pass of retention comes each hour, with a round of maintenance; the rounds go on beside the clock, which runs ahead of them.</summary>
    private static readonly TimeSpan s_pass = TimeSpan.FromMinutes(65);

    /// <summary>What is removed for ever goes by a clock that has stood so for so long, since a pass met it.</summary>
    private static readonly TimeSpan s_belief = TimeSpan.FromDays(1);

    private bool IsUnbroken => world.Sightings.BrokenInvariants.Count == 0;

    public async Task PlayAsync()
    {
        var cast = new Cast(world);
        var (paused, retrier) = (await PausedTenant.CreateAsync(world, hands), await Retrier.CreateAsync(world, hands));
        var scheduled = await ScheduledTenant.CreateAsync(world, hands);
        IActor[] ofTheWall = [scheduled, await MonthlyTenant.CreateAsync(world), await ExpiringKeys.CreateAsync(world, hands), await Repeater.CreateAsync(world, hands), paused, retrier];
        await DisturbAsync(cast, ofTheWall);
        await paused.EndAsync();
        await retrier.EndAsync();
        await scheduled.EndAsync();
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

    /// <summary>
    /// What has ended stays where the clock shows for an hour that it is old. It goes within a day and some hours of a clock that shows so,
    /// though an earlier pass was made by a later one.
    /// </summary>
    private async Task AgeAsync()
    {
        var run = world.Chance.Of(world.Runs.All.Where(each => each.Ended is not null).ToList());
        hands.SetTo(hands.Now + s_past);
        world.Sightings.Holds(await StaysAsync(run.Path, s_pass), () => $"at {hands.Now:O} {run.Path} is gone");
        hands.SetTo(hands.Now - s_past);
        world.Sightings.Holds(await StaysAsync(run.Path, s_pass), () => $"at {hands.Now:O} {run.Path} is gone");
        hands.SetTo(hands.Now + s_past);
        world.Sightings.Holds(!await StaysAsync(run.Path, s_belief + (4 * s_pass)), () => $"at {hands.Now:O} {run.Path} is there");
    }

    private void Pass(TimeSpan time)
    {
        clock.Advance(time);
        hands.Visited();
    }

    /// <summary>Whether it is there for as long as a pass may take to come, and its round to do it.</summary>
    private async Task<bool> StaysAsync(string path, TimeSpan time)
    {
        var (step, begun) = (time / 250, Stopwatch.GetTimestamp());
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        // What is old must go; how long its round takes by the watch on the wall is the machine's to say.
        for (var passed = TimeSpan.Zero; passed < time || (time > s_pass && Stopwatch.GetElapsedTime(begun) < Patience.Limit); passed += step)
        {
            Pass(passed < time ? step : TimeSpan.FromSeconds(1));
            await tick.WaitForNextTickAsync();
            if ((await world.Operator.GetAsync(path))?.Status != HttpStatusCode.OK)
                return false;
        }

        return true;
    }
}
