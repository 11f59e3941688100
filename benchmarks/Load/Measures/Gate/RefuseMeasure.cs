using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Gate;

/// <summary>Submissions refused: every tenant at its cap of one run, then every tenant paused.</summary>
internal sealed class RefuseMeasure : IMeasure
{
    private const int Tenants = 100;

    public string Name => "refuse";

    public string Summary => "refusals per second: 429 at the cap, 503 while paused";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var clients in bench.Options.Clients)
        {
            using var service = ServiceUnderLoad.Start(bench.Options);
            var tenants = Ground.Tenants(service, Tenants, concurrentRuns: 1);
            var submissions = Ground.Submissions(tenants);
            foreach (var submission in submissions)
                service.Operator.Send(submission, 202);
            yield return Measure(bench, service, submissions, clients, 429, "at the cap");

            foreach (var tenant in tenants)
                service.Operator.Send(RequestBytes.Post($"/tenants/{tenant.Id}/pause", service.OperatorKey, "{}"u8), 200);
            yield return Measure(bench, service, submissions, clients, 503, "paused");
        }
    }

    private static Reading Measure(Bench bench, ServiceUnderLoad service, IReadOnlyList<byte[]> submissions, int clients, int status, string why)
    {
        bench.Progress($"refuse: {status} {why}, {clients} clients");
        using var loop = new ClosedLoop(service.Address, submissions, clients, status);
        var rounds = loop.Run(bench.Options.WarmUp, bench.Options.Round, bench.Options.Rounds, service.Meter);
        return Reading.Of("refuse", $"{status} {why}, {Count.Of(clients, "client")}, {Count.Of(Tenants, "tenant")}", rounds).AgainstHttp(bench.Limits, clients);
    }
}
