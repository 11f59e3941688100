using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Actors;
using Headgate.Fault.Tests.Wire;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>The acts of a seed of rounds, in order.</summary>
/// <param name="patience">The service's.</param>
/// <param name="isSound">Nothing fails but processes that make rounds: whatever they report is true at once.</param>
internal sealed class RoundStage(World world, Cast cast, FaultyTables tables, AnsweringProxy? proxy, ManualClock clock, Rounds rounds, TimeSpan patience, bool isSound)
{
    /// <summary>More than any wait of the service: a cancelled run's grace, a task's lease, the pauses of its retries.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(40);

    /// <summary>The first meets the leak, the second corrects it; a run that ends in between makes one void.</summary>
    private const int RoundsToCorrect = 12;

    /// <summary>The first helps, which a crash may have made necessary; the second finds that it did not help.</summary>
    private const int RoundsToReport = 2;

    public async Task PlayAsync()
    {
        var acts = ActsAsync();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        // Processes that meet at one row wait for a moment of this clock.
        while (!acts.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(2));
            await tick.WaitForNextTickAsync();
        }

        await acts;
    }

    private bool IsUnbroken => world.Sightings.BrokenInvariants.Count == 0;

    private async Task ActsAsync()
    {
        await DisturbAsync();
        await CalmAsync();
        await SettleAsync();
        await StickAsync();
    }

    /// <summary>All act side by side, slots leak, and processes take turns and die.</summary>
    private async Task DisturbAsync()
    {
        for (var step = world.Chance.Between(20, 50); step > 0 && IsUnbroken; step--)
        {
            if (world.Chance.OneIn(8))
                tables.OneIn = world.Chance.Of(0, 3, 8, 20, 60);
            if (proxy is not null && world.Chance.OneIn(8))
                proxy.OneIn = world.Chance.Of(0, 3, 8, 20);
            if (world.Chance.OneIn(6))
                await rounds.LeakAsync(world.Chance.Of(world.Tenants));
            clock.Advance(TimeSpan.FromMilliseconds(world.Chance.OneIn(12) ? world.Chance.Between(5_000, 45_000) : world.Chance.Between(0, 3_000)));
            await Task.WhenAll([.. world.Chance.Shuffled(cast.Actors).Take(world.Chance.Between(1, cast.Actors.Count)).Select(actor => actor.StepAsync()), RoundAsync(mayDie: true)]);
        }

        tables.OneIn = 0;
        proxy?.OneIn = 0;
        await tables.DeliverLateAsync();
    }

    /// <summary>Nobody acts: every leaked slot comes back, and is reported once.</summary>
    private async Task CalmAsync()
    {
        for (var left = RoundsToCorrect; await DriftAsync() != 0 && IsUnbroken; left--)
        {
            if (!world.Sightings.Holds(left > 0, () => $"slots do not come back in {RoundsToCorrect} rounds"))
                return;
            clock.Advance(patience);
            await RoundAsync(mayDie: false);
        }

        world.Sightings.Holds(!isSound || rounds.Corrected == rounds.Leaked, () => $"{rounds.Leaked} slots leaked and {rounds.Corrected} were corrected");
    }

    /// <summary>Everything comes to its end, on what rounds do.</summary>
    private async Task SettleAsync()
    {
        var due = clock.GetUtcNow() + s_longest;
        await cast.SettleAsync(wait: 0, oneAgentIsGone: world.Chance.OneIn(2), between: async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await RoundAsync(mayDie: false);
            return clock.GetUtcNow() < due;
        });
    }

    /// <summary>A run that no message reaches is stuck, whoever makes the rounds, until one does.</summary>
    private async Task StickAsync()
    {
        if (!IsUnbroken)
            return;
        tables.LosesMessages = true;
        var tenant = world.Chance.Of(world.Tenants);
        var body = new JsonObject { ["name"] = "stuck", ["tasks"] = new JsonArray(Bodies.Task("t0", "nobody-takes-it")) };
        var run = await tenant.Line.SendAsync("POST", $"{tenant.Path}/runs", body);
        for (var round = 0; round < RoundsToReport; round++)
        {
            clock.Advance(patience);
            var stuck = await rounds.RoundAsync(mayDie: false);
            var wanted = round < RoundsToReport - 1 ? 0 : 1;
            world.Sightings.Holds(stuck == wanted, () => $"after {round + 1} rounds {stuck} runs are reported stuck instead of {wanted}");
        }

        tables.LosesMessages = false;
        clock.Advance(patience);
        await rounds.RoundAsync(mayDie: false);
        await rounds.StartedAsync();
        clock.Advance(patience);
        var left = await rounds.EachAsync();
        world.Sightings.Holds(left == 0, () => $"{left} runs are reported stuck, and none is");
        await world.Operator.SendAsync("POST", $"{tenant.Path}/runs/{run!.RunId}/cancel");
    }

    private async Task RoundAsync(bool mayDie)
    {
        if (isSound)
            await rounds.StartedAsync();
        var stuck = await rounds.RoundAsync(mayDie);
        world.Sightings.Holds(!isSound || stuck == 0, () => $"{stuck} runs are reported stuck, and none is");
    }

    private async Task<int> DriftAsync()
    {
        var drift = 0;
        foreach (var tenant in world.Tenants)
            drift += Math.Abs(await rounds.DriftAsync(tenant));
        return drift;
    }
}
