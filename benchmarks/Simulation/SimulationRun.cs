using Headgate.Functions.Security.Keys;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Headgate.Simulation.Agents;
using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Wire;
using Headgate.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Simulation;

/// <summary>
/// One simulation: the service on a virtual clock and everybody around it, all on one thread. The clock moves on only when nothing is
/// left to do at its time.
/// </summary>
internal sealed class SimulationRun(SimulationOptions options, string folder, Action<string> progress) : IDisposable
{
    /// <summary>How long after the last submission what is under way may take.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromHours(12);

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly VirtualClock _clock = new(Start);
    private readonly InMemoryServer _wire = new();
    private readonly ServiceLog _log = new();

    /// <exception cref="InvalidDataException">The service gave an answer that the contract does not allow there.</exception>
    public async Task<Report> RunAsync()
    {
        // From here on everything is done on the pool's thread.
        await default(OneThread.Drained);
        var key = ApiKey.Generate(new SeededRandom(options.Seed, "operator")).Key;
        var server = await LocalServer.StartAsync(
            new LocalHostOptions
            {
                DataFolder = folder,
                AdminKey = key,
                Sync = DiskSync.Off,
                WriterThread = false,
                Settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Maintenance"] = options.Maintenance },
            },
            _clock,
            Replace);
        var thread = new OneThread(server.Storage.Log);
        using var transcript = new Transcript();
        var seen = new Observations(_clock);
        var api = new Api(_wire, transcript, _clock);
        using var world = new World(api, key, seen, _clock, options);
        await GoOnAsync(world, thread, seen, server);
        var ended = _clock.GetUtcNow();
        var (caps, letters) = await thread.EndAsync(world.CloseAsync());
        Summed(seen);
        var report = Report(world, seen, api, thread, transcript, caps, letters, ended - Start);
        world.End();
        await thread.EndAsync(Nothing(server.StopAsync()));
        return report;
    }

    public void Dispose()
    {
        _wire.Dispose();
        _log.Dispose();
    }

    private static async Task<bool> Nothing(Task task)
    {
        await task;
        return true;
    }

    private static void Summed(Observations seen)
    {
        var runs = seen.Runs;
        seen.Checks.Demand("admitted = completed + failed + cancelled + in flight", seen.Admissions == runs.Statuses.Sum + seen.Live.Count, () => $"{seen.Admissions}: {runs.Statuses} + {seen.Live.Count}");
        seen.Checks.Demand("submissions = admitted + given up", seen.Submissions == seen.Admissions + seen.GivenUps, () => $"{seen.Submissions}: {seen.Admissions} + {seen.GivenUps}");
        seen.Checks.Demand("every run ended", seen.Live.Count == 0, () => string.Join(' ', seen.Live.Keys.Take(10)));
    }

    private async Task GoOnAsync(World world, OneThread thread, Observations seen, LocalServer server)
    {
        var until = Start + TimeSpan.FromHours(options.Hours);
        await thread.EndAsync(Nothing(world.BeginAsync(until)));
        var hour = 1;
        // A submission that was refused comes back: only an hour without any shows that none is left.
        while (_clock.GetUtcNow() < until + TimeSpan.FromHours(1) || (seen.Live.Count > 0 && _clock.GetUtcNow() < until + LongestEnd))
        {
            if (!_clock.Step())
                throw new InvalidOperationException("No timer is set: nothing would ever happen again.");
            await thread.QuietAsync();
            if (seen.Fault is { } fault)
                throw new InvalidOperationException($"At {_clock.GetUtcNow():O}: {fault.Message}", fault);
            if (server.Failure is { } failure)
                throw new InvalidOperationException("The service has stopped.", failure);
            for (; _clock.GetUtcNow() >= Start.AddHours(hour); hour++)
                progress($"{hour} h: {seen.Admissions:N0} admitted, {seen.Live.Count:N0} in flight, {seen.HandOuts:N0} attempts");
        }
    }

    private void Replace(IServiceCollection services)
    {
        services.AddSingleton<IServer>(_wire);
        services.AddSingleton<IRandomSource>(new SeededRandom(options.Seed, "service"));
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(_log);
    }

    private Report Report(
        World world, Observations seen, Api api, OneThread thread, Transcript transcript, IReadOnlyDictionary<string, int> caps, long letters, TimeSpan lasted)
    {
        var runs = seen.Runs;
        var highest = runs.HighestInFlight();
        var held = runs.HighestAtWork();
        foreach (var (tenant, count) in highest)
            seen.Checks.Demand("runs in flight never pass the cap", count <= caps[tenant.Plan.Id], () => $"{tenant.Id}: {count}");
        foreach (var (agent, count) in held)
            seen.Checks.Demand("an agent never holds more than its slots", count <= SimulatedAgent.Slots, () => $"{agent}: {count}");
        var plans = caps.OrderBy(cap => cap.Value).Select(cap => new PlanFigures(
            cap.Key,
            world.Tenants.Count(tenant => tenant.Plan.Id == cap.Key),
            cap.Value,
            highest.Where(tenant => tenant.Key.Plan.Id == cap.Key).Select(tenant => tenant.Value).DefaultIfEmpty().Max(),
            highest.Count(tenant => tenant.Key.Plan.Id == cap.Key && tenant.Value == cap.Value)));
        return new(
            options,
            lasted.TotalHours,
            new(seen.Submissions, seen.Admissions, seen.Repeats, seen.GivenUps, seen.Cancels, seen.Stops),
            seen.Refusals.All,
            runs.Statuses.All,
            runs.Tasks.All,
            new(seen.HandOuts, runs.Attempts.All, runs.Failures.All, runs.Retries.All),
            new(runs.DeadByTenant.Sum, letters),
            new(options.Agents, SimulatedAgent.Slots, seen.Outages.All, runs.Failures["lost-agent"], seen.Late.All, held.Values.DefaultIfEmpty().Max()),
            [.. plans],
            runs.ToAssigned.Figures(),
            runs.ToFinished.Figures(),
            new(api.Requests, thread.Writes, _clock.Rings, _log.Warnings.All, _log.Errors.All, _log.FirstErrors),
            seen.Checks.All,
            transcript.ToString());
    }
}
