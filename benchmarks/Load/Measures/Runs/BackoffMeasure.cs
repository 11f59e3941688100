using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Load.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Machine;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Measures.Runs;

/// <summary>What a service costs that has nothing to do: empty, then with tasks that failed once and wait an hour for their next attempt.</summary>
internal sealed class BackoffMeasure : IMeasure
{
    private const string Policy = "hourly";
    private const int Submitters = 32;

    /// <summary>What was under way ends, and what timers call every second has been compiled for good.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);

    public string Name => "backoff";

    public string Summary => "processor and memory of a service at rest, empty and with tasks waiting in backoff";

    public IEnumerable<Reading> Run(Bench bench)
    {
        using var service = ServiceUnderLoad.Start(bench.Options);
        var tenants = Ground.Tenants(service, 1);
        bench.Progress($"backoff: empty for {bench.Options.Watch.TotalSeconds} s");
        yield return Watch(bench, service, "nothing waits");

        var tasks = bench.Options.BackoffTasks;
        bench.Progress($"backoff: {tasks} tasks fail once");
        // The operator's has been at rest for longer than the service may keep a connection.
        using (var connection = new Connection(service.Address))
        {
            connection.Send(
                RequestBytes.Put(
                    $"/tenants/{tenants[0].Id}/policies/{Policy}",
                    service.OperatorKey,
                    JsonSerializer.SerializeToUtf8Bytes(new PolicyRequest(20, 3600, 3600, 0, 1), ContractJson.Default.PolicyRequest)),
                200);
        }

        using (var loop = new ClosedLoop(service.Address, Ground.Submissions(tenants, Policy), Submitters, 202))
            loop.Run(tasks, service.Meter);
        using (var crew = new Crew(service, bench.Options.Agents, bench.Options.Claim, failure: "network"))
        {
            while (crew.Done < tasks)
            {
                crew.Check();
                Thread.Sleep(10);
            }

            crew.Stop();
        }

        bench.Progress($"backoff: {tasks} tasks waiting for {bench.Options.Watch.TotalSeconds} s");
        yield return Watch(bench, service, $"{tasks} tasks in backoff");
    }

    private static Reading Watch(Bench bench, ServiceUnderLoad service, string name)
    {
        Thread.Sleep(Settle);
        var id = service.Id.ToString(CultureInfo.InvariantCulture);
        var (begun, start) = (ProcessorMeter.OfProcess(id), Stopwatch.GetTimestamp());
        Thread.Sleep(bench.Options.Watch);
        var used = (ProcessorMeter.OfProcess(id) - begun) / Stopwatch.GetElapsedTime(start);
        return new Reading("backoff", name).With(
            new Detail("of one processor", used * 100, "%"),
            new Detail("memory (PSS)", ProcessMemory.ProportionalMegabytes(service.Id), "MB"),
            new Detail("threads", Directory.GetDirectories($"/proc/{id}/task").Length, ""));
    }
}
