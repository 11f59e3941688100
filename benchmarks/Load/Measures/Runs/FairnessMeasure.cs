using Headgate.Contracts.Runs;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// One agent of five slots for two tenants. 400 runs of A are admitted before it comes; when it has reported 20 of them, B submits 10: from
/// then to <c>finishedAt</c> of B's last run, both on the machine's clock, which the service shares. How many of A's ended in between is
/// from the same record. A fair turn is half of the slots: 4 times 50 ms, once a slot is free.
/// </summary>
internal sealed class FairnessMeasure : IMeasure
{
    private const int Slots = 5;
    private const int Waiting = 400;
    private const int WaitingToWarmUp = 50;
    private const int Ahead = 20;
    private const int Few = 10;
    private const int Submitters = 10;

    /// <summary>So many of A's before the last of B's, once admitted, can only be an order that gives B no turn: fair are about 10.</summary>
    private const int Starved = 200;

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(50);

    public string Name => "fairness";

    public string Summary => "tenant A has 400 runs waiting for an agent of 5 slots, then B submits 10: until the last of these has ended";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Progress($"fairness: {Waiting} runs of A, then {Few} of B, on {Slots} slots, {bench.Options.Rounds} times");
        using var service = ServiceUnderLoad.Start(bench.Options);
        Round(service, "warm-up", WaitingToWarmUp);
        var rounds = Enumerable.Range(1, bench.Options.Rounds).Select(i => Round(service, $"round-{i}", Waiting)).ToList();
        var (seen, recorded) = (rounds.Max(round => round.MostSeen), rounds.Max(round => round.MostRecorded));
        yield return new Reading("fairness", $"{Waiting} runs of A, then {Few} of B, of {Work.TotalMilliseconds} ms, {Slots} shared slots") with
        {
            Details =
            [
                new("B's last ended after, median", Median.Of(rounds.Select(round => (double?)round.Last.TotalMilliseconds)) ?? 0, "ms"),
                new("slowest", rounds.Max(round => round.Last.TotalMilliseconds), "ms"),
                new("of A's ended meanwhile, median", Median.Of(rounds.Select(round => (double?)round.Meanwhile)) ?? 0, ""),
                new("the most at once, seen by the agent", seen, ""),
                new("by the server's record", recorded, ""),
            ],
        };
        if (seen > Slots || recorded > Slots)
            throw new UnexpectedAnswerException($"{Math.Max(seen, recorded)} tasks ran at once on {Slots} slots");
    }

    private static FairRound Round(ServiceUnderLoad service, string name, int waiting)
    {
        var tenants = Ground.Tenants(service, 2, prefix: name);
        using var many = new ClosedLoop(service.Address, Ground.Submissions(tenants[..1]), Submitters, 202);
        using var few = new ClosedLoop(service.Address, Ground.Submissions(tenants[1..]), Submitters, 202);
        many.Run(waiting, service.Meter);
        var agent = new SlotAgent(Ground.Agent(service, name, Slots), Slots, Work);
        var drained = Task.Factory.StartNew(() => agent.Drain(waiting + Few), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (agent.Reported < Ahead && !drained.IsCompleted)
            Thread.Sleep(1);
        var sent = DateTimeOffset.UtcNow;
        few.Run(Few, service.Meter);
        drained.GetAwaiter().GetResult();

        var ofA = new FinishedRuns(service, tenants[..1]).List(waiting);
        var ofB = new FinishedRuns(service, tenants[1..]).List(Few);
        var last = ofB.Max(run => run.FinishedAt!.Value);
        if (EndedIn(ofA, ofB.Max(run => run.CreatedAt), last) is var before and > Starved)
            throw new UnexpectedAnswerException($"{before} runs of A ended while B's {Few} waited");
        return new(last - sent, EndedIn(ofA, sent, last), agent.MostAtOnce, Overlap.Most(RecordedAttempts.Of(service, ofA.Concat(ofB))));
    }

    private static int EndedIn(List<RunView> runs, DateTimeOffset from, DateTimeOffset to) => runs.Count(run => run.FinishedAt > from && run.FinishedAt <= to);

    /// <param name="Last">From B's submissions to the end of its last run.</param>
    /// <param name="Meanwhile">Runs of A that ended in that time.</param>
    private sealed record FairRound(TimeSpan Last, int Meanwhile, int MostSeen, int MostRecorded);
}
