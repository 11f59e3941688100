using System.Diagnostics;
using System.Globalization;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Machine;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// 1,000 agents that send heartbeats every 10 s, of which 50 work without a pause: how long a heartbeat takes, and a freed slot stays empty.
/// Then the real agent with nothing to do.
/// </summary>
internal sealed class FleetMeasure : IMeasure
{
    private const int Agents = 1000;
    private const int Workers = 50;
    private const int Slots = 2;

    /// <summary>Runs that wait at any time, so that a freed slot has a next task.</summary>
    private const int Backlog = 2000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How long tasks take: 250 a second, and as many as a machine of two processors can do beside the generator.</summary>
    private static readonly TimeSpan[] Works = [TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(100)];

    public string Name => "fleet";

    public string Summary => "1,000 agents sending heartbeats, 50 of them working, and the real agent at rest";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var work in Works)
            yield return Beat(bench, work);
        yield return Rest(bench);
    }

    private static Reading Beat(Bench bench, TimeSpan work)
    {
        bench.Progress($"fleet: {Agents} agents, {Workers} working on tasks of {work.TotalMilliseconds} ms, {bench.Options.Rounds} rounds of {bench.Options.Watch.TotalSeconds} s");
        using var service = ServiceUnderLoad.Start(bench.Options);
        var tenant = Ground.Tenants(service, 1)[0];
        var submission = RequestBytes.Post($"/tenants/{tenant.Id}/runs", tenant.Key, Ground.Submission());
        using (var loop = new ClosedLoop(service.Address, [submission], 32, 202))
            loop.Run(Backlog, service.Meter);
        var agents = Enumerable.Range(1, Agents).Select(i => Ground.Agent(service, $"fleet-{i}", Slots)).ToList();
        using var fleet = new Fleet(agents, Workers, Slots, Period, work, submission);

        fleet.Run(bench.Options.Watch < Period ? bench.Options.Watch : Period);
        var (heartbeats, handOvers, tasks) = (new List<Round>(), new List<Samples>(), 0);
        for (var i = 0; i < bench.Options.Rounds; i++)
        {
            var begun = service.Meter.Read();
            fleet.Run(bench.Options.Watch);
            heartbeats.Add(new(fleet.Heartbeats, service.Meter.Read().Since(begun)));
            handOvers.Add(fleet.HandOvers);
            tasks += fleet.HandOvers.Count;
        }

        return Reading.Of("fleet", $"heartbeats of {Agents} agents, {Workers} at work on tasks of {work.TotalMilliseconds} ms", heartbeats) with
        {
            ProcessorMicroseconds = null,
            Details =
            [
                new("heartbeat, slowest round p99", heartbeats.Max(round => round.Latencies.Percentile(0.99m)) ?? 0, "ms"),
                new("tasks", tasks / heartbeats.Sum(round => round.Processor.Elapsed.TotalSeconds), "/s"),
                new("slot empty between tasks p50", Median.Of(handOvers.Select(round => round.Percentile(0.5m))) ?? 0, "ms"),
                new("p99", Median.Of(handOvers.Select(round => round.Percentile(0.99m))) ?? 0, "ms"),
                new("slowest round p99", handOvers.Max(round => round.Percentile(0.99m)) ?? 0, "ms"),
            ],
        };
    }

    private static Reading Rest(Bench bench)
    {
        bench.Progress($"fleet: the agent at rest for {bench.Options.Watch.TotalSeconds} s");
        using var service = ServiceUnderLoad.Start(bench.Options);
        using var agent = new RealAgent(service, bench.Options, "resting", Slots);
        var id = agent.Start();
        Thread.Sleep(bench.Options.Watch);
        var name = id.ToString(CultureInfo.InvariantCulture);
        var (begun, start) = (ProcessorMeter.OfProcess(name), Stopwatch.GetTimestamp());
        Thread.Sleep(bench.Options.Watch);
        var used = (ProcessorMeter.OfProcess(name) - begun) / Stopwatch.GetElapsedTime(start);
        return new Reading("fleet", "the agent's process at rest").With(
            new Detail("of one processor", used * 100, "%"), new Detail("memory (PSS)", ProcessMemory.ProportionalMegabytes(id), "MB"));
    }
}
