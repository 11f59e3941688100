using Headgate.Agent.Attempts;
using Headgate.Agent.Connection;
using Headgate.Agent.Files;
using Headgate.Agent.Options;
using Headgate.Agent.Quotas;
using Headgate.Agent.Reporting;
using Headgate.Agent.Tasks;
using Headgate.Agent.Tasks.Archive;
using Headgate.Agent.Tasks.Command;

namespace Headgate.Agent.Running;

/// <summary>One life of the agent, from start to orderly stop.</summary>
internal sealed class AgentRun(AgentOptions options, AgentIdentity identity, Func<string, string?> variable, TimeProvider time, AgentLog log)
{
    /// <summary>At the stop; what is not answered then is kept for the next start.</summary>
    private static readonly TimeSpan LastReports = TimeSpan.FromSeconds(5);

    /// <param name="stopAsked">Set by a signal: running tasks get their grace, then are reported as <c>lost-agent</c>, which another agent takes at once.</param>
    /// <param name="hurry">Set by another signal: what is left of the grace is not waited for.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(CancellationToken stopAsked, CancellationToken hurry = default)
    {
        using var state = StateLock.TryTake(options.StateDirectory, out var reason);
        if (state is null)
        {
            log.Error("state-directory", ("folder", options.StateDirectory), ("reason", reason));
            return ExitCode.StateUnavailable;
        }

        try
        {
            return await RunOnAsync(state, stopAsked, hurry);
        }
        catch (FolderUnavailableException e)
        {
            log.Error("folder", ("folder", e.Folder), ("reason", e.Message));
            return ExitCode.StateUnavailable;
        }
    }

    private async Task<int> RunOnAsync(StateLock state, CancellationToken stopAsked, CancellationToken hurry)
    {
        var id = identity.AgentId;
        var notice = new ReadyNotice(variable(ReadyNotice.Variable));
        var folders = new WorkFolders(Path.Combine(options.WorkDirectory, state.Instance), log);
        var archives = new UnfinishedArchives(Path.Combine(options.StateDirectory, "archives"), log);
        var left = ProcessTree.KillMarked(TaskTypes.IsOf(state.Instance));
        if (left > 0)
            log.Warn("leftovers-killed", ("processes", left));
        var quota = new ChildQuota(options.Quota, CpuGroup.Create(options.Quota, log), log);
        var attempts = new AttemptTable(options.Limits, options.TakenTypes);
        var types = TaskTypes.Of(options, new TaskMeans(folders, archives, quota, () => attempts.Running(OptionRules.ResticTypes), time, log, variable));
        if (types.ContainsKey("command") && !OwnSession.IsPossible)
            log.Warn("no-own-session", ("reason", "there is no setsid here: Ctrl+C in the agent's terminal reaches its commands too"));
        folders.Clean();
        archives.Clean();

        var outbox = Outbox.Open(Path.Combine(options.StateDirectory, "outbox"), log, time);
        using var service = new ServiceClient(options.Service, identity.Key, options.RequestTimeout, time, state.Session);
        using var spans = AttemptSpans.Of(variable, id);
        var bench = new Workbench(attempts, new(types, TaskTypes.MarkerSuffix(state.Instance), time), outbox, log, spans);
        var heartbeat = new HeartbeatLoop(service, options, identity, state, attempts, bench, outbox, quota, notice, time, log);
        var claim = new ClaimLoop(service, id, options.ClaimWaitSeconds, attempts, bench, time, log);
        var report = new ReportLoop(outbox, attempts, service, id, time, log);
        var pressure = options.IsAdaptive ? new PressureLoop(attempts, new PressureReading(), time, log) : null;
        log.Info("started", ("agent", id), ("types", string.Join(',', types.Keys)), ("maxConcurrentTasks", options.Limits.Total), ("unreported", outbox.Unsettled().Count));

        using var atOnce = new CancellationTokenSource();
        using var claims = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
        var storing = outbox.StoreAsync();
        var beating = heartbeat.RunAsync(atOnce.Token);
        var reporting = report.RunAsync(atOnce.Token);
        var claiming = ClaimAsync(heartbeat, report, claim, claims.Token);
        var adapting = pressure?.RunAsync(atOnce.Token) ?? Task.CompletedTask;
        notice.Ready("looks for the service");

        var ended = await Task.WhenAny(claiming, beating, reporting, storing);
        var refused = ended == beating && beating.IsCompletedSuccessfully;
        log.Info("stopping", ("running", attempts.Held().Count));
        notice.Stopping("waits for running tasks");
        bench.StartNoMore();
        await claims.CancelAsync();
        await ((Task)claiming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await bench.StopAsync(refused ? TimeSpan.Zero : options.StopGrace, time, hurry);
        outbox.Complete();
        await Task.WhenAny(reporting, Task.Delay(refused ? TimeSpan.Zero : LastReports, time, CancellationToken.None));
        await atOnce.CancelAsync();
        await ((Task)beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await adapting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await heartbeat.EndAsync();

        if (ended.IsFaulted)
            log.Error("fault", ("reason", ended.Exception.InnerException));
        log.Info("stopped", ("unreported", outbox.Unsettled().Count));
        return ended.IsFaulted ? ExitCode.Fault : refused ? ExitCode.NotAuthorised : ExitCode.Ok;
    }

    private static async Task ClaimAsync(HeartbeatLoop heartbeat, ReportLoop report, ClaimLoop claim, CancellationToken stop)
    {
        await heartbeat.Known.WaitAsync(stop);
        await report.OldSent.WaitAsync(stop);
        await claim.RunAsync(stop);
    }
}
