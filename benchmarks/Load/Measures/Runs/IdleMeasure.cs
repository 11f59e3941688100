using System.Diagnostics;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Machine;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// One run at a time on a service that does nothing else: <c>finishedAt − createdAt</c> on the server's clock, which answers show to the
/// millisecond. The mean is free of that rounding.
/// </summary>
internal sealed class IdleMeasure : IMeasure
{
    /// <summary>Between two looks at what a run costs while it warms up.</summary>
    private const int Stretch = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "idle";

    public string Summary => "one run at a time, from submission to completion";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Progress($"idle: {bench.Options.IdleRuns} runs, one at a time");
        using var service = ServiceUnderLoad.Start(bench.Options);
        var tenants = Ground.Tenants(service, 1);
        var submission = Ground.Submissions(tenants)[0];
        using var submitter = new Connection(service.Address);
        using var reported = new SemaphoreSlim(0);
        using var crew = new Crew(service, 1, bench.Options.Claim, reported: count => reported.Release(count));
        var finished = new FinishedRuns(service, tenants);

        var warm = Stopwatch.StartNew();
        var steadiness = bench.Options.WarmUp.Begin();
        while (!steadiness.Reached(CostOf(service, () => One(submitter, submission, reported, tenants[0])), warm.Elapsed))
            finished.Await(Stretch);
        finished.Await(Stretch);
        var warmUp = warm.Elapsed;

        var (submits, seen) = (new Samples(), new Samples());
        var begun = service.Meter.Read();
        for (var i = 0; i < bench.Options.IdleRuns; i++)
        {
            var (submit, end) = One(submitter, submission, reported, tenants[0]);
            submits.Add(submit);
            seen.Add(end);
        }

        var use = service.Meter.Read().Since(begun);
        crew.Stop();
        var runs = new Samples();
        foreach (var run in finished.Await(bench.Options.IdleRuns))
            runs.Add(run.Finished - run.Created);
        yield return Reading.Of("idle", $"{Count.Of(bench.Options.IdleRuns, "run")}, 1 agent", new Measured(warmUp, [new(runs, use)])) with
        {
            PerSecond = null,
            Rounds = [],
            Details =
            [
                new("mean", runs.Mean ?? 0, "ms"),
                new("submit p50", submits.Percentile(0.5m) ?? 0, "ms"),
                new("submit p99", submits.Percentile(0.99m) ?? 0, "ms"),
                new("submit to completion seen p50", seen.Percentile(0.5m) ?? 0, "ms"),
                new("submit to completion seen p99", seen.Percentile(0.99m) ?? 0, "ms"),
                .. bench.Limits.DurableAnswer is { } least ? new Detail[] { new("bare answer and commit p50", least, "ms") } : [],
            ],
        };
    }

    private static double CostOf(ServiceUnderLoad service, Action one)
    {
        var begun = service.Meter.Read();
        for (var i = 0; i < Stretch; i++)
            one();
        return service.Meter.Read().Since(begun).Server.TotalMicroseconds / Stretch;
    }

    /// <returns>Ticks to the answer to the submission, and to a reading of the run as completed.</returns>
    private static (long Submitted, long Ended) One(Connection submitter, byte[] submission, SemaphoreSlim reported, Tenant tenant)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = submitter.Send(submission, 202);
        var submitted = Stopwatch.GetTimestamp() - start;
        var runId = JsonSerializer.Deserialize(answer, ContractJson.Default.RunAccepted)!.RunId;
        if (!reported.Wait(Patience))
            throw new UnexpectedAnswerException($"no result of run {runId} within {Patience.TotalSeconds} s");
        var read = RequestBytes.Get($"/tenants/{tenant.Id}/runs/{runId}", tenant.Key);
        while (submitter.Send(read, 200).IndexOf("\"status\":\"completed\",\"priority\""u8) < 0)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new UnexpectedAnswerException($"run {runId} is not completed within {Patience.TotalSeconds} s");
        }

        return (submitted, Stopwatch.GetTimestamp() - start);
    }
}
