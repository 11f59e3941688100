using Headgate.Agent.Attempts;
using Headgate.Agent.Connection;
using Headgate.Agent.Options;
using Headgate.Agent.Quotas;
using Headgate.Agent.Reporting;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Running;

/// <summary>Tells the service what runs here, and obeys what it answers. Waits for nothing but its own clock, so that work never delays it.</summary>
internal sealed class HeartbeatLoop(
    ServiceClient service,
    AgentOptions options,
    AgentIdentity identity,
    StateLock state,
    AttemptTable attempts,
    Workbench bench,
    Outbox outbox,
    ChildQuota quota,
    ReadyNotice notice,
    TimeProvider time,
    AgentLog log)
{
    /// <summary>In a row, once the agent has been known: a moment's fault of the service does not end it.</summary>
    private const int RefusalsToStop = 3;

    /// <summary>At the stop: a service that can't be reached finds out by itself.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly long _began = time.GetTimestamp();
    private readonly RetryPause _pause = new(options.Heartbeat.TotalSeconds, time);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _endedSession = state.EndedSession;
    private bool _hasAgent;
    private int? _settingsVersion;

    /// <summary>Ends with the first heartbeat that the service took: from then on it knows this session, its settings hold, and claims are safe.</summary>
    public Task Known => _known.Task;

    /// <summary>Ends when the service does not accept this agent; otherwise goes on until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var refusals = 0;
        while (true)
        {
            var listed = Listed();
            await EndEarlierAsync(listed, stop);
            switch (await service.HeartbeatAsync(identity.AgentId, Report(listed), stop))
            {
                case Answer<HeartbeatAnswer>.Given given:
                    refusals = 0;
                    _hasAgent = true;
                    // Before anything is claimed: the settings that come with the first answer hold for the first task.
                    Obey(given.Value, listed);
                    if (_known.TrySetResult() || !_pause.IsFirst)
                        Connected();
                    _pause.Reset();
                    await Task.Delay(Interval(given.Value), time, stop);
                    break;
                case Answer<HeartbeatAnswer>.Refused { IsUnauthorised: true } refused:
                    log.Error("refused", ("status", refused.Status), ("code", refused.Code), ("reason", refused.Error));
                    if (!_known.Task.IsCompleted || ++refusals == RefusalsToStop)
                        return;
                    await _pause.WaitAsync(refused.RetryAfter, stop);
                    break;
                case Answer<HeartbeatAnswer>.Refused { IsInUse: true } refused:
                    GiveWay();
                    await PauseAsync($"{refused.Code}: {refused.Error}; this one takes no work until that has ended", refused.RetryAfter, stop);
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

    /// <summary>The last word of this life: what it holds no more is given back at once, and the next need not wait for a lease. Never throws.</summary>
    public async Task EndAsync()
    {
        if (!_hasAgent)
            return;
        using var late = new CancellationTokenSource(LongestEnd, time);
        try
        {
            await service.HeartbeatAsync(identity.AgentId, Report(Listed()) with { Ended = true }, late.Token);
        }
        catch (OperationCanceledException)
        {
            log.Warn("end-unsaid", ("reason", $"no answer within {LongestEnd.TotalSeconds:0} s"));
        }
    }

    // A life that was killed could not say so: who has its lock says it in its place.
    private async Task EndEarlierAsync(List<RunningAttempt> listed, CancellationToken stop)
    {
        if (_endedSession is not { } ended)
            return;
        using var earlier = new ServiceClient(options.Service, identity.Key, options.RequestTimeout, time, ended);
        if (await earlier.HeartbeatAsync(identity.AgentId, Report(listed) with { Session = ended, Ended = true }, stop)
            is Answer<HeartbeatAnswer>.Given or Answer<HeartbeatAnswer>.Refused { IsPassing: false } or Answer<HeartbeatAnswer>.Refused { IsInUse: true })
        {
            _endedSession = null;
        }
    }

    // What it held was taken from it when the other followed, and so was what a claim under way brings still. Results go out all the same: the service judges each.
    private void GiveWay()
    {
        var held = attempts.Held().Where(attempt => attempt.State != AttemptState.Reporting).Select(attempt => new RunningAttempt(attempt.Task.TaskId, attempt.Task.Attempt)).ToList();
        if (_hasAgent)
            log.Error("replaced", ("agent", identity.AgentId), ("reason", "another process with this agent's identity has followed this one"), ("running", held.Count), ("next", "give each process an identity of its own: register it under another name"));
        _hasAgent = false;
        bench.Stop([.. held.Select(attempt => attempt.TaskId)], held, StopReason.Lost);
    }

    private void Connected()
    {
        log.Info("connected", ("service", options.Service), ("agent", identity.AgentId));
        notice.Status($"works for {options.Service}");
    }

    private Task PauseAsync(string reason, TimeSpan? asked, CancellationToken stop)
    {
        if (_pause.IsFirst)
        {
            log.Warn("disconnected", ("service", options.Service), ("reason", reason), ("running", attempts.Held().Count));
            notice.Status($"has lost {options.Service}");
        }

        return _pause.WaitAsync(asked, stop);
    }

    /// <summary>
    /// Attempts whose result is still unanswered are listed too, also those of an earlier life: they are not lost. Of a task only
    /// the latest attempt is: the service takes no task twice, and an earlier attempt is fenced off anyway.
    /// </summary>
    private List<RunningAttempt> Listed()
    {
        var held = attempts.Held().Where(a => a.Reason != StopReason.Lost).Select(a => new RunningAttempt(a.Task.TaskId, a.Task.Attempt, a.Progress));
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
        state.Session,
        new LoadReport(MemoryPercent: Machine.MemoryPercent(), FreeSlots: attempts.FreeSlots));

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
        quota.Apply(settings);
        bench.Start();
    }

    private TimeSpan Interval(HeartbeatAnswer answer)
    {
        var asked = TimeSpan.FromSeconds(Math.Max(1, answer.NextHeartbeatSeconds));
        return asked < options.Heartbeat ? asked : options.Heartbeat;
    }
}
