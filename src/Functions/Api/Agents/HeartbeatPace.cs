using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Agents;

/// <summary>
/// How often one agent may report to this process: in a burst, then a hundred times a second, far more than any agent has reason to. An agent that reports
/// faster is refused before anything is read or written for it. It has an entry until it has kept still for as long as its reports were worth.
/// Safe for concurrent use.
/// </summary>
public sealed class HeartbeatPace(TimeProvider clock, ILogger<HeartbeatPace> logger)
{
    private const int Burst = 500;
    private const int PerSecond = 100;
    private const int FewAgents = 1024;

    private readonly Lock _lock = new();

    // The timestamp at which the agent's burst is whole again, and whether it is being refused.
    private readonly Dictionary<string, (long WholeAt, bool IsRefused)> _agents = new(StringComparer.Ordinal);
    private int _roomFor = FewAgents;

    /// <summary>Counts a heartbeat.</summary>
    /// <returns>Whether it may go on.</returns>
    public bool Allows(string agentId)
    {
        var now = clock.GetTimestamp();
        var each = clock.TimestampFrequency / PerSecond;
        bool isNews;
        lock (_lock)
        {
            if (_agents.Count >= _roomFor)
                MakeRoom(now);
            var (wholeAt, wasRefused) = _agents.GetValueOrDefault(agentId);
            wholeAt = Math.Max(wholeAt, now) + each;
            if (wholeAt - now <= Burst * each)
            {
                _agents[agentId] = (wholeAt, false);
                return true;
            }

            isNews = !wasRefused;
            _agents[agentId] = (wholeAt - each, true);
        }

        if (isNews)
            logger.HeartbeatsFlood(agentId);
        return false;
    }

    private void MakeRoom(long now)
    {
        foreach (var (agentId, (wholeAt, _)) in _agents)
        {
            if (wholeAt <= now)
                _agents.Remove(agentId);
        }

        _roomFor = Math.Max(FewAgents, 2 * _agents.Count);
    }
}
