using Headgate.Agent.Attempts;
using Headgate.Agent.Connection;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Running;

/// <summary>
/// Asks for work whenever there is room, for no more than there is room, and waits as the service asks. A service that holds claims is
/// asked as soon as a task has ended: it answers when the report has made room.
/// </summary>
internal sealed class ClaimLoop(ServiceClient service, string agentId, int waitSeconds, AttemptTable attempts, Workbench bench, TimeProvider time, AgentLog log)
{
    private const int LongestAskedSeconds = 30;

    /// <summary>After an empty answer that names no pause: a service that answers at once must not be asked in a tight loop.</summary>
    private static readonly TimeSpan EmptyPause = TimeSpan.FromMilliseconds(100);

    private readonly RetryPause _pause = new(longestSeconds: 15, time);
    private bool _isHeld;
    private bool _wasRefusedEarly;

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var early = _isHeld && !_wasRefusedEarly && waitSeconds > 0;
            var room = attempts.ClaimRoom(early);
            if (room == 0)
            {
                await attempts.RoomChanged.WaitAsync(stop);
                continue;
            }

            var isAhead = room > attempts.ClaimRoom();
            switch (await service.ClaimAsync(agentId, new ClaimRequest(room, waitSeconds), stop))
            {
                case Answer<ClaimAnswer>.Given given:
                    _pause.Reset();
                    Learn(given.Value, isAhead);
                    await TakeAsync(given.Value, stop);
                    break;
                case Answer<ClaimAnswer>.Refused refused:
                    if (_pause.IsFirst)
                        log.Warn("claim-refused", ("status", refused.Status), ("code", refused.Code), ("reason", refused.Error));
                    await _pause.WaitAsync(refused.RetryAfter, stop);
                    break;
                default:
                    // The heartbeat tells of the lost connection. What answers next may be another build.
                    _wasRefusedEarly = false;
                    await _pause.WaitAsync(null, stop);
                    break;
            }
        }
    }

    // A service that answers a claim that is ahead of its report with a pause does not hold those of a full agent.
    private void Learn(ClaimAnswer answer, bool isAhead)
    {
        _isHeld = answer.NextClaimSeconds == 0;
        _wasRefusedEarly |= isAhead && !_isHeld;
    }

    private async Task TakeAsync(ClaimAnswer answer, CancellationToken stop)
    {
        var tasks = answer.Tasks ?? [];
        if (tasks.Count > 0)
            bench.Take(tasks);
        if (answer.NextClaimSeconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(answer.NextClaimSeconds, LongestAskedSeconds)), time, stop);
        else if (tasks.Count == 0)
            await Task.Delay(EmptyPause, time, stop);
    }
}
