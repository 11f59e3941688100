using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Gate;

/// <summary>Admissions on an empty file, then on one with many rows of finished runs; both over new tenants, the filled file a copy.</summary>
internal sealed class GrowthMeasure : IMeasure
{
    private const int Clients = 32;
    private const int Tenants = 100;

    public string Name => "growth";

    public string Summary => "submissions admitted per second with many rows in the file, against an empty one";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Filled.HoldRows(bench.Options.Rows);
        bench.Progress("growth: empty file");
        var empty = Measure(bench, null, "empty file");
        yield return empty;

        bench.Progress($"growth: {bench.Filled.Rows} rows");
        using var copy = bench.Filled.Copy();
        var filled = Measure(bench, copy.Path, $"{bench.Filled.Rows} rows, {bench.Filled.Runs} finished runs");
        yield return filled.With(new Detail("of the empty file's rate", (filled.PerSecond / empty.PerSecond * 100) ?? 0, "%"));
    }

    private static Reading Measure(Bench bench, string? folder, string name)
    {
        using var service = ServiceUnderLoad.Start(bench.Options, folder);
        using var loop = new ClosedLoop(service.Address, Ground.Submissions(Ground.Tenants(service, Tenants, prefix: "growth")), Clients, 202);
        return Reading.Of("growth", name, loop.Run(bench.Options.WarmUp, bench.Options.Round, bench.Options.Rounds, service.Meter)).Against(bench.Limits, Clients);
    }
}
