using Headgate.Agent.Attempts;
using Headgate.Agent.Connection;
using Headgate.Agent.Options;
using Headgate.Agent.Reporting;
using Headgate.Agent.Tasks.Command;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Running;

/// <summary>Tells the service what runs here, and obeys what it answers. Waits for nothing but its own clock, so that work never delays it.</summary>
internal sealed class HeartbeatLoop(
    ServiceClient service,
    AgentOptions options,
    string agentId,
    AttemptTable attempts,
    Workbench bench,
    Outbox outbox,
    ChildPriority priority,
    TimeProvider time,
    AgentLog log)
{
    /// <summary>In a row, once the agent has been known: a moment's fault of the service does not end it.</summary>
    private const int RefusalsToStop = 3;

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly long _began = time.GetTimestamp();
    private readonly RetryPause _pause = new(options.Heartbeat.TotalSeconds, time);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int? _settingsVersion;

    /// <summary>Ends with the first heartbeat that the service took: from then on it knows this session, and claims are safe.</summary>
    public Task Known => _known.Task;

    /// <summary>Ends when the service does not accept this agent; otherwise goes on until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var refusals = 0;
        while (true)
        {
            var listed = Listed();
            switch (await service.HeartbeatAsync(agentId, Report(listed), stop))
            {
                case Answer<HeartbeatAnswer>.Given given:
                    if (_known.TrySetResult() || !_pause.IsFirst)
                        log.Info("connected", ("service", options.Service), ("agent", agentId));
                    refusals = 0;
                    _pause.Reset();
                    Obey(given.Value, listed);
                    await Task.Delay(Interval(given.Value), time, stop);
                    break;
                case Answer<HeartbeatAnswer>.Refused { IsUnauthorised: true } refused:
                    log.Error("refused", ("status", refused.Status), ("code", refused.Code), ("reason", refused.Error));
                    if (!_known.Task.IsCompleted || ++refusals == RefusalsToStop)
                        return;
                    await _pause.WaitAsync(refused.RetryAfter, stop);
                    break;
                case Answer<HeartbeatAnswer>.Refused refused:
                    await PauseAsync($"{refused.Status} {refused.Code} {refused.Error}", refused.RetryAfter, stop);
                    break;
                case Answer<HeartbeatAnswer>.Unreachable away:
                    await PauseAsync(away.Reason, null, stop);
                    break;
            }
        }
    }

    private Task PauseAsync(string reason, TimeSpan? asked, CancellationToken stop)
    {
        if (_pause.IsFirst)
            log.Warn("disconnected", ("service", options.Service), ("reason", reason), ("running", attempts.Held().Count));
        return _pause.WaitAsync(asked, stop);
    }

    /// <summary>
    /// Attempts whose result is still unanswered are listed too, also those of an earlier life: they are not lost. Of a task only
    /// the latest attempt is: the service takes no task twice, and an earlier attempt is fenced off anyway.
    /// </summary>
    private List<RunningAttempt> Listed()
    {
        var held = attempts.Held().Where(a => a.Reason != StopReason.Lost).Select(a => new RunningAttempt(a.Task.TaskId, a.Task.Attempt));
        var unsettled = outbox.Unsettled().Select(e => new RunningAttempt(e.Result.TaskId, e.Result.Attempt));
        return [.. held.Concat(unsettled).GroupBy(a => a.TaskId, StringComparer.Ordinal).Select(same => same.MaxBy(a => a.Attempt)!)];
    }

    private HeartbeatRequest Report(List<RunningAttempt> listed) => new(
        Machine.Version,
        Machine.OperatingSystem,
        Math.Round(time.GetElapsedTime(_began).TotalSeconds, 3),
        Machine.Disks(options.WorkDirectory),
        listed,
        _settingsVersion,
        _session,
        new LoadReport(MemoryPercent: Machine.MemoryPercent(), FreeSlots: Math.Max(0, attempts.Limits.Total - attempts.Held().Count)));

    private void Obey(HeartbeatAnswer answer, List<RunningAttempt> listed)
    {
        if (answer.Lost is { Count: > 0 } lost)
            bench.Stop(lost, listed, StopReason.Lost);
        if (answer.Cancel is { Count: > 0 } cancel)
            bench.Stop(cancel, listed, StopReason.Cancelled);
        if (answer.Settings is not { } settings || settings.Version == _settingsVersion)
            return;
        _settingsVersion = settings.Version;
        var limits = attempts.Apply(settings);
        log.Info("settings", ("version", settings.Version), ("maxConcurrentTasks", limits.Total), ("typeLimits", string.Join(',', limits.Types.Select(t => $"{t.Key}:{t.Value}"))));
        priority.Apply(settings);
        bench.Start();
    }

    private TimeSpan Interval(HeartbeatAnswer answer)
    {
        var asked = TimeSpan.FromSeconds(Math.Max(1, answer.NextHeartbeatSeconds));
        return asked < options.Heartbeat ? asked : options.Heartbeat;
    }
}
