using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Restart;

/// <summary>
/// The real agent is killed with 50 tasks in flight. Restarted at once: from the start of its process to the last of the 50 second
/// attempts, by the server's record. Not restarted: from the kill to the last second attempt, on another agent that has room.
/// </summary>
internal sealed class RecoveryMeasure : IMeasure
{
    private const int Tasks = 50;
    private const int TaskSeconds = 20;
    private const int LeaseSeconds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public string Name => "recovery";

    public string Summary => "an agent is killed with 50 tasks in flight: until all are handed out again, restarted and silent";

    public IEnumerable<Reading> Run(Bench bench)
    {
        yield return Measure(bench, $"{Tasks} in flight, agent restarted", (agent, _) =>
        {
            agent.Kill();
            var start = DateTimeOffset.UtcNow;
            agent.Start();
            return start;
        });
        yield return Measure(bench, $"{Tasks} in flight, agent silent, lease {LeaseSeconds} s", (agent, other) =>
        {
            other.Start();
            var start = DateTimeOffset.UtcNow;
            agent.Kill();
            return start;
        });
    }

    private static Reading Measure(Bench bench, string name, Func<RealAgent, RealAgent, DateTimeOffset> kill)
    {
        var times = new Samples();
        for (var i = 1; i <= bench.Options.Rounds; i++)
        {
            bench.Progress($"recovery: {name}, {i} of {bench.Options.Rounds}");
            times.Add(Round(bench.Options, kill));
        }

        return new Reading("recovery", name).With(
            new Detail("all handed out again after, median", times.Percentile(0.5m) ?? 0, "ms"), new Detail("slowest", times.Percentile(1m) ?? 0, "ms"));
    }

    private static TimeSpan Round(LoadOptions options, Func<RealAgent, RealAgent, DateTimeOffset> kill)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Headgate__Leases__Seconds"] = $"{LeaseSeconds}", ["Headgate__Heartbeat__Seconds"] = "1" };
        using var service = ServiceUnderLoad.Start(options, settings: settings);
        var tenant = Ground.Tenants(service, 1)[0];
        using var agent = new RealAgent(service, options, "first", Tasks);
        using var other = new RealAgent(service, options, "second", Tasks);
        agent.Start();
        using (var loop = new ClosedLoop(service.Address, [RealAgent.Submission(tenant, TaskSeconds)], 10, 202))
            loop.Run(Tasks, service.Meter);
        var runs = JsonSerializer.Deserialize(
            service.Operator.Send(RequestBytes.Get($"/tenants/{tenant.Id}/runs?limit=100", service.OperatorKey), 200), ContractJson.Default.PageRunView)!.Items;
        LastStart(service, tenant, runs, attempt: 1);
        var since = kill(agent, other);
        return LastStart(service, tenant, runs, attempt: 2) - since;
    }

    /// <summary>When the last run's task was handed out for this attempt, once all have been.</summary>
    private static DateTimeOffset LastStart(ServiceUnderLoad service, Tenant tenant, IReadOnlyList<RunView> runs, int attempt)
    {
        var last = DateTimeOffset.MinValue;
        var deadline = DateTime.UtcNow + Patience;
        foreach (var run in runs)
        {
            DateTimeOffset? start;
            while ((start = StartOf(service, tenant, run.RunId, attempt)) is null)
            {
                if (DateTime.UtcNow > deadline)
                    throw new UnexpectedAnswerException($"attempt {attempt} of run {run.RunId} was not handed out within {Patience.TotalSeconds} s");
                Thread.Sleep(5);
            }

            last = start > last ? start.Value : last;
        }

        return last;
    }

    private static DateTimeOffset? StartOf(ServiceUnderLoad service, Tenant tenant, string runId, int attempt) => JsonSerializer.Deserialize(
        service.Operator.Send(RequestBytes.Get($"/tenants/{tenant.Id}/runs/{runId}", service.OperatorKey), 200), ContractJson.Default.RunView)!
        .Tasks![0].Attempts.FirstOrDefault(one => one.Attempt == attempt)?.StartedAt;
}
