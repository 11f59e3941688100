using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// One agent of five slots and 200 runs of 50 ms that are admitted before it comes: how many ran at once, by the agent's own count and by
/// the attempts' times on the server's clock, and how long all took. 2.00 s is the least there can be.
/// </summary>
internal sealed class CapMeasure : IMeasure
{
    private const int Slots = 5;
    private const int Runs = 200;
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Least = Work * Runs / Slots;

    public string Name => "cap";

    public string Summary => "an agent of 5 slots and 200 runs of 50 ms: the most at once, and the time to drain them";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Progress($"cap: {Runs} runs of {Work.TotalMilliseconds} ms on {Slots} slots, {bench.Options.Rounds} times");
        using var service = ServiceUnderLoad.Start(bench.Options);
        var (drains, handOvers) = (new Samples(), new Samples());
        var (seen, recorded) = (0, 0);
        Round(service, "warm-up", out _, out _);
        for (var i = 1; i <= bench.Options.Rounds; i++)
        {
            drains.Add(Round(service, $"round-{i}", out var agent, out var tenant));
            handOvers.AddAll(agent.HandOvers);
            seen = Math.Max(seen, agent.MostAtOnce);
            recorded = Math.Max(recorded, Overlap.Most(RecordedAttempts.Of(service, new FinishedRuns(service, [tenant]).List(Runs))));
        }

        yield return new Reading("cap", $"{Runs} runs of {Work.TotalMilliseconds} ms, {Slots} slots") with
        {
            Details =
            [
                new("drained in, median", drains.Percentile(0.5m) ?? 0, "ms"),
                new("of that the least there can be", Least.TotalMilliseconds / (drains.Percentile(0.5m) ?? 0) * 100, "%"),
                new("slowest", drains.Percentile(1m) ?? 0, "ms"),
                new("the most at once, seen by the agent", seen, ""),
                new("by the server's record", recorded, ""),
                new("slot empty between tasks p50", handOvers.Percentile(0.5m) ?? 0, "ms"),
                new("p99", handOvers.Percentile(0.99m) ?? 0, "ms"),
            ],
        };
        if (seen > Slots || recorded > Slots)
            throw new UnexpectedAnswerException($"{Math.Max(seen, recorded)} tasks ran at once on {Slots} slots");
    }

    private static TimeSpan Round(ServiceUnderLoad service, string name, out SlotAgent agent, out Tenant tenant)
    {
        tenant = Ground.Tenants(service, 1, prefix: name)[0];
        using var loop = new ClosedLoop(service.Address, Ground.Submissions([tenant]), Slots, 202);
        loop.Run(Runs, service.Meter);
        agent = new SlotAgent(Ground.Agent(service, name, Slots), Slots, Work);
        return agent.Drain(Runs);
    }
}
