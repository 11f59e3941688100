using System.Diagnostics;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>
/// What 10,000 resources cost tasks that name none: two services at once, one of whose tenants have them, each submitted the same bursts of
/// runs in turn.
/// </summary>
internal sealed class ResourcesMeasure : IMeasure
{
    private const int Resources = 10_000;
    private const int Tenants = 20;
    private const int Submitters = 32;

    public string Name => "resources";

    public string Summary => "runs that name no resource, of tenants with 500 resources each against tenants without";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Progress($"resources: {bench.Options.Rounds} pairs of {bench.Options.Runs} runs");
        using var without = new Side(bench, resources: 0);
        using var with = new Side(bench, Resources);
        for (var i = 0; i < bench.Options.Rounds; i++)
        {
            // Who goes first has the caches of the one before; it is each side's turn half of the time.
            var (first, second) = i % 2 == 0 ? (without, with) : (with, without);
            first.Burst();
            second.Burst();
        }

        without.Stop();
        with.Stop();
        yield return Reading.Of("resources", "no resources, end to end", without.Rounds);
        yield return Reading.Of("resources", $"{Resources} resources, end to end", with.Rounds).With(
            new Detail("processor time of a run, median of the pairs", Compare(without.Rounds, with.Rounds, round => round.ProcessorMicroseconds), "%"),
            new Detail("rate", Compare(without.Rounds, with.Rounds, round => round.PerSecond), "%"),
            new Detail("rate of admission", Compare(without.Admitted, with.Admitted, round => round.PerSecond), "%"));
    }

    /// <summary>The median over the pairs, in percent of the left one.</summary>
    private static double Compare(IReadOnlyList<Round> left, IReadOnlyList<Round> right, Func<Round, double?> figure) =>
        Median.Of(left.Zip(right, (one, other) => figure(other) / figure(one) * 100)) ?? 0;

    private sealed class Side : IDisposable
    {
        private readonly Bench _bench;
        private readonly ServiceUnderLoad _service;
        private readonly ClosedLoop _loop;
        private readonly Crew _crew;

        public Side(Bench bench, int resources)
        {
            _bench = bench;
            _service = ServiceUnderLoad.Start(bench.Options);
            var tenants = Ground.Tenants(_service, Tenants);
            using (var connection = new Connection(_service.Address))
            {
                for (var i = 0; i < resources; i++)
                    connection.Send(RequestBytes.Put($"/tenants/{tenants[i % Tenants].Id}/resources/repository-{i}", _service.OperatorKey, """{"maxConcurrent":1}"""u8), 200);
            }

            _loop = new(_service.Address, Ground.Submissions(tenants), Submitters, 202);
            _crew = new(_service, bench.Options.Agents, bench.Options.Claim);
            var warm = Stopwatch.StartNew();
            var steadiness = bench.Options.WarmUp.Begin();
            while (!steadiness.Reached(One().Finished.ProcessorMicroseconds, warm.Elapsed))
            {
            }
        }

        /// <summary>From the first submission to the last report's answer.</summary>
        public List<Round> Rounds { get; } = [];

        public List<Round> Admitted { get; } = [];

        public void Burst()
        {
            var (admitted, finished) = One();
            Admitted.Add(admitted);
            Rounds.Add(finished);
        }

        public void Stop() => _crew.Stop();

        public void Dispose()
        {
            _crew.Dispose();
            _loop.Dispose();
            _service.Dispose();
        }

        private (Round Admitted, Round Finished) One()
        {
            var target = _crew.Done + _bench.Options.Runs;
            var begun = _service.Meter.Read();
            var admitted = _loop.Run(_bench.Options.Runs, _service.Meter);
            while (_crew.Done < target)
            {
                _crew.Check();
                Thread.Sleep(1);
            }

            return (admitted, new(admitted.Latencies, _service.Meter.Read().Since(begun)));
        }
    }
}
