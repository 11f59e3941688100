using System.Diagnostics;
using Headgate.Load.Figures;
using Headgate.Load.Limit;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Restart;

/// <summary>
/// From the start of the process to the line that says where it listens, and to the first good answer of <c>/ready</c>: on a folder that
/// is not there yet, and on one with many finished runs. Files are in the system's cache, as after a restart of the service. The bare
/// endpoint's start beside it is what .NET and its web server take alone.
/// </summary>
internal sealed class StartMeasure : IMeasure
{
    private const int Starts = 5;

    public string Name => "start";

    public string Summary => "how long a start takes, on an empty folder and with many finished runs in the file";

    public IEnumerable<Reading> Run(Bench bench)
    {
        bench.Progress("start: bare endpoint");
        yield return Bare();

        bench.Progress("start: empty folder");
        yield return Measure(bench, null, "empty folder");

        bench.Filled.HoldRuns(bench.Options.FinishedRuns);
        bench.Progress($"start: {bench.Filled.Runs} finished runs");
        yield return Measure(bench, bench.Filled.Path, $"{bench.Filled.Runs} finished runs, {bench.Filled.Rows} rows");
    }

    private static Reading Bare()
    {
        var listening = new Samples();
        for (var i = 0; i < Starts; i++)
        {
            using var endpoint = BareEndpoint.Start();
            listening.Add(endpoint.StartTime);
        }

        return Of("bare endpoint", listening);
    }

    private static Reading Measure(Bench bench, string? folder, string name)
    {
        var (listening, ready) = (new Samples(), new Samples());
        for (var i = 0; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var service = ServiceUnderLoad.Start(bench.Options, folder);
            listening.Add(service.StartTime);
            service.Operator.Send(RequestBytes.Get("/ready", service.OperatorKey), 200);
            ready.Add(Stopwatch.GetTimestamp() - start);
            service.Stop();
        }

        return Of(name, listening).With(new Detail("ready, median", ready.Percentile(0.5m) ?? 0, "ms"));
    }

    private static Reading Of(string name, Samples listening) => new Reading("start", name).With(
        new Detail("listening after, median", listening.Percentile(0.5m) ?? 0, "ms"), new Detail("slowest", listening.Percentile(1m) ?? 0, "ms"));
}
