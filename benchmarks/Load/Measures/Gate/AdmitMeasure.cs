using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Gate;

/// <summary>Submissions admitted under a cap that is never reached: first with no agent connected, then with agents that do the work.</summary>
internal sealed class AdmitMeasure : IMeasure
{
    private const int TenantsWithAgents = 100;

    public string Name => "admit";

    public string Summary => "submissions admitted per second, by clients and tenants, without agents and with agents working";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var clients in bench.Options.Clients)
        {
            foreach (var tenants in bench.Options.Tenants)
                yield return Measure(bench, clients, tenants, agents: 0);
            yield return Measure(bench, clients, TenantsWithAgents, bench.Options.Agents);
        }
    }

    private static Reading Measure(Bench bench, int clients, int tenants, int agents)
    {
        var name = $"{Count.Of(clients, "client")}, {Count.Of(tenants, "tenant")}, {(agents == 0 ? "no agent" : Count.Of(agents, "agent"))}";
        bench.Progress($"admit: {name}");
        using var service = ServiceUnderLoad.Start(bench.Options);
        using var loop = new ClosedLoop(service.Address, Ground.Submissions(Ground.Tenants(service, tenants)), clients, 202);
        using var crew = new Crew(service, agents, bench.Options.Claim);
        var begun = crew.Done;
        var rounds = loop.Run(bench.Options.WarmUp, bench.Options.Round, bench.Options.Rounds, service.Meter);
        var done = crew.Done - begun;
        crew.Stop();
        var queues = Ground.Queues(service);
        var reading = Reading.Of("admit", name, rounds).Against(bench.Limits, clients).With(new Detail("not started yet at the end", queues.Runs.Depth, "runs"));
        return agents == 0 ? reading : reading.With(new Detail("tasks done meanwhile", done, ""));
    }
}
