using System.Collections.Concurrent;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// How long an agent is asked to wait before it claims again where claims are not held: 1 second after work, doubling to 30 while there is none.
/// </summary>
public sealed class ClaimPace
{
    private const int LongestSeconds = 30;
    private readonly ConcurrentDictionary<string, int> _seconds = new(StringComparer.Ordinal);

    public int Next(string agentId, bool gotWork) =>
        _seconds.AddOrUpdate(agentId, 1, (_, seconds) => gotWork ? 1 : Math.Min(seconds * 2, LongestSeconds));
}
