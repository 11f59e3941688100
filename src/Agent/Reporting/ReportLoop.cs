using Headgate.Agent.Attempts;
using Headgate.Agent.Connection;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Reporting;

/// <summary>Sends results, many in one call, until the service has said what became of each.</summary>
internal sealed class ReportLoop(Outbox outbox, AttemptTable attempts, ServiceClient service, string agentId, TimeProvider time, AgentLog log)
{
    private static readonly IReadOnlyList<string> PassingCodes = ["busy", "store-unavailable", "internal-error"];

    private readonly RetryPause _pause = new(longestSeconds: 15, time);
    private readonly TaskCompletionSource _oldSent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything found at the start has been offered once, whether the service was there or not.</summary>
    public Task OldSent => _oldSent.Task;

    /// <summary>Ends once the outbox is complete and settled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var old = outbox.Unsettled().Count;
        var most = Outbox.MaxBatch;
        while (true)
        {
            if (old <= 0)
                _oldSent.TrySetResult();
            if (await outbox.NextAsync(most, stop) is not { } batch)
                return;
            old -= batch.Count;
            switch (await service.ReportAsync(agentId, new TaskResultsRequest([.. batch.Select(e => e.Result)]), stop))
            {
                case Answer<TaskResultsAnswer>.Given given:
                    most = Outbox.MaxBatch;
                    if (SettleAnswered(batch, given.Value.Results ?? []))
                        _pause.Reset();
                    else
                        await _pause.WaitAsync(null, stop);
                    break;
                case Answer<TaskResultsAnswer>.Refused { IsPassing: false, IsUnauthorised: false } refused when batch.Count > 1:
                    log.Warn("results-refused", ("status", refused.Status), ("code", refused.Code), ("results", batch.Count), ("next", "one by one"));
                    most = 1;
                    break;
                case Answer<TaskResultsAnswer>.Refused { IsPassing: false, IsUnauthorised: false } refused:
                    GiveUp(batch[0], refused.Status, refused.Code, refused.Error);
                    break;
                case Answer<TaskResultsAnswer>.Refused refused:
                    // A proxy that takes no large body may take each alone.
                    if (refused.Status == 413)
                        most = 1;
                    await PauseAsync($"{refused.Status} {refused.Code}", refused.RetryAfter, stop);
                    break;
                case Answer<TaskResultsAnswer>.Unreachable away:
                    await PauseAsync(away.Reason, null, stop);
                    break;
            }
        }
    }

    private Task PauseAsync(string reason, TimeSpan? asked, CancellationToken stop)
    {
        if (_pause.IsFirst)
            log.Warn("results-wait", ("reason", reason), ("results", outbox.Unsettled().Count));
        return _pause.WaitAsync(asked, stop);
    }

    /// <summary>False when the service left some of them open.</summary>
    private bool SettleAnswered(IReadOnlyList<OutboxEntry> batch, IReadOnlyList<TaskResultEntry> answers)
    {
        var byAttempt = answers.DistinctBy(a => (a.TaskId, a.Attempt)).ToDictionary(a => (a.TaskId, a.Attempt));
        var all = true;
        foreach (var entry in batch)
        {
            var answer = byAttempt.GetValueOrDefault((entry.Result.TaskId, entry.Result.Attempt));
            if (answer is null || (answer.Outcome is null && (answer.Code is null || PassingCodes.Contains(answer.Code))))
            {
                all = false;
                continue;
            }

            if (answer.Outcome is null)
                log.Warn("result-refused", ("task", entry.Result.TaskId), ("attempt", entry.Result.Attempt), ("code", answer.Code), ("reason", answer.Error));
            Settle(entry);
        }

        return all;
    }

    /// <summary>The service will never take this result as it is. How the attempt ended is tried without its texts, then dropped.</summary>
    private void GiveUp(OutboxEntry entry, int status, string code, string error)
    {
        var result = entry.Result;
        log.Error("result-refused", ("task", result.TaskId), ("attempt", result.Attempt), ("status", status), ("code", code), ("reason", error));
        var bare = ResultSize.Bare(result);
        if (bare != result)
        {
            outbox.Add(bare);
            outbox.Settle(entry);
        }
        else
        {
            Settle(entry);
        }
    }

    private void Settle(OutboxEntry entry)
    {
        outbox.Settle(entry);
        attempts.Settled(entry.Result.TaskId, entry.Result.Attempt);
    }
}
