using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Gate;

/// <summary>
/// Admissions on an empty file and on one with many rows of finished runs, over new tenants: two services at once that are loaded in turn,
/// so that whatever else the machine does meets both. The filled file is a copy.
/// </summary>
internal sealed class GrowthMeasure : IMeasure
{
    private const int Clients = 32;
    private const int Tenants = 100;

    public string Name => "growth";

    public string Summary => "submissions admitted per second with many rows in the file, against an empty one";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Filled.HoldRows(bench.Options.Rows);
        bench.Progress($"growth: {bench.Filled.Rows} rows and an empty file in turn");
        using var copy = bench.Filled.Copy();
        using var empty = new Side(bench, null);
        using var filled = new Side(bench, copy.Path);
        for (var i = 0; i < bench.Options.Rounds; i++)
        {
            empty.Measure();
            filled.Measure();
        }

        var small = empty.Reading("empty file");
        var grown = filled.Reading($"{bench.Filled.Rows} rows, {Count.Of(bench.Filled.Runs, "finished run")}");
        yield return small;
        yield return grown.With(
            new Detail("of the empty file's rate", (grown.PerSecond / small.PerSecond * 100) ?? 0, "%"),
            new Detail("of its processor time", (grown.ProcessorMicroseconds / small.ProcessorMicroseconds * 100) ?? 0, "%"));
    }

    private sealed class Side(Bench bench, string? folder) : IDisposable
    {
        private readonly List<Round> _rounds = [];
        private readonly ServiceUnderLoad _service = ServiceUnderLoad.Start(bench.Options, folder);
        private ClosedLoop? _loop;

        /// <summary>The first round has a whole warm-up before it, each other a second: the code is warm, the caches may not be.</summary>
        public void Measure()
        {
            var warmUp = _loop is null ? bench.Options.WarmUp : new WarmUp(WarmUp.Stretch, WarmUp.Stretch);
            _loop ??= new(_service.Address, Ground.Submissions(Ground.Tenants(_service, Tenants, prefix: "growth")), Clients, 202);
            _rounds.AddRange(_loop.Run(warmUp, bench.Options.Round, 1, _service.Meter).Rounds);
        }

        public Reading Reading(string name) => Figures.Reading.Of("growth", name, _rounds).Against(bench.Limits, Clients);

        public void Dispose()
        {
            _loop?.Dispose();
            _service.Dispose();
        }
    }
}
