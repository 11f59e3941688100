using System.Diagnostics;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// So many runs of one task that does nothing, from the first submission to the last run's end. Rate and latencies are the server's
/// own times: <c>createdAt</c> of the first to <c>finishedAt</c> of the last, and <c>finishedAt − createdAt</c> of each.
/// </summary>
internal sealed class EndToEndMeasure : IMeasure
{
    private const int Submitters = 32;

    public string Name => "end-to-end";

    public string Summary => "runs of one task that does nothing, submitted by 32 clients and done by agents over HTTP";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var tenants in new[] { 1, 100 })
            yield return Measure(bench, tenants);
    }

    private static Reading Measure(Bench bench, int tenantCount)
    {
        bench.Progress($"end-to-end: {bench.Options.Runs} runs, {tenantCount} tenants");
        using var service = ServiceUnderLoad.Start(bench.Options);
        var tenants = Ground.Tenants(service, tenantCount);
        using var loop = new ClosedLoop(service.Address, Ground.Submissions(tenants), Submitters, 202);
        using var crew = new Crew(service, bench.Options.Agents, bench.Options.Claim);
        var finished = new FinishedRuns(service, tenants);

        var warm = Stopwatch.StartNew();
        var steadiness = bench.Options.WarmUp.Begin();
        while (!steadiness.Reached(Burst(bench, service, loop, crew, finished).Finished.ProcessorMicroseconds, warm.Elapsed))
        {
        }

        var warmUp = warm.Elapsed;
        var rounds = Enumerable.Range(0, bench.Options.Rounds).Select(_ => Burst(bench, service, loop, crew, finished)).ToList();
        crew.Stop();
        var reading = Reading.Of("end-to-end", $"{Count.Of(bench.Options.Runs, "run")}, {Count.Of(tenantCount, "tenant")}, {Count.Of(bench.Options.Agents, "agent")}", new Measured(warmUp, rounds.ConvertAll(round => round.Finished)));
        return (reading with { PerSecond = Median.Of(rounds.Select(round => (double?)round.PerSecond)), Rounds = rounds.ConvertAll(round => round.PerSecond) })
            .Against(bench.Limits, Submitters)
            .With(new Detail("submit p50", Median.Of(rounds.Select(round => round.Submitted.Latencies.Percentile(0.5m))) ?? 0, "ms"));
    }

    private static BurstRound Burst(Bench bench, ServiceUnderLoad service, ClosedLoop loop, Crew crew, FinishedRuns finished)
    {
        var target = crew.Done + bench.Options.Runs;
        var begun = service.Meter.Read();
        var submitted = loop.Run(bench.Options.Runs, service.Meter);
        while (crew.Done < target)
        {
            crew.Check();
            Thread.Sleep(1);
        }

        var use = service.Meter.Read().Since(begun);
        var times = finished.Await(bench.Options.Runs);
        var latencies = new Samples(times.Count);
        foreach (var run in times)
            latencies.Add(run.Finished - run.Created);
        return new(submitted, new(latencies, use), bench.Options.Runs / (times.Max(run => run.Finished) - times.Min(run => run.Created)).TotalSeconds);
    }

    private sealed record BurstRound(Round Submitted, Round Finished, double PerSecond);
}
