using Headgate.Load.Figures;
using Headgate.Load.Limit;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures;

/// <summary>The bare web endpoint and the bare group commit, on this machine in this run.</summary>
internal sealed class LimitMeasure : IMeasure
{
    public string Name => "limit";

    public string Summary => "a bare Kestrel endpoint and a bare SQLite group commit: what everything else is a share of";

    public IEnumerable<Reading> Run(Bench bench)
    {
        var counts = bench.Options.Clients.Prepend(1).Distinct().ToList();
        foreach (var clients in counts)
        {
            bench.Progress($"bare endpoint, {Count.Of(clients, "client")}");
            var reading = Http(bench.Options, clients);
            bench.Limits.SetHttp(clients, reading);
            yield return reading;
        }

        var shape = AdmissionShape.Read(bench.Options);
        foreach (var clients in counts)
        {
            bench.Progress($"bare group commit, {Count.Of(clients, "caller")}");
            var reading = GroupCommitFloor.Measure(bench.Options, clients, shape)
                .With(new Detail("rows an operation", shape.Rows, ""), new Detail("bytes an operation", shape.Bytes, ""));
            bench.Limits.SetCommit(clients, reading);
            yield return reading;
        }
    }

    private static Reading Http(LoadOptions options, int clients)
    {
        using var endpoint = BareEndpoint.Start();
        using var loop = new ClosedLoop(endpoint.Address, Ground.Submissions([new("tenant-1", "hg_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789a")]), clients, 202);
        return Reading.Of("limit", $"http, {Count.Of(clients, "client")}", loop.Run(options.WarmUp, options.Round, options.Rounds, new(endpoint.Id)));
    }
}
