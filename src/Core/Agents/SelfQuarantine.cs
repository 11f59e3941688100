using System.Globalization;

namespace Headgate.Core.Agents;

/// <summary>Another agent's record of the same type.</summary>
public readonly record struct Peer(string AgentId, TrackRecord Record);

/// <summary>
/// Decides whether to quarantine an agent because tasks fail on it but not on others. Another agent must have succeeded since it began to
/// fail: if something that all need is broken, nobody succeeds, and no agent is to blame.
/// </summary>
public static class SelfQuarantine
{
    /// <summary>Failed attempts in a row that are enough.</summary>
    public const int Failures = 5;

    /// <summary>How long another agent's success counts.</summary>
    public static readonly TimeSpan SuccessCounts = TimeSpan.FromHours(1);

    /// <summary>Whether to compare it with others: at every fifth failure in a row, to save reads.</summary>
    public static bool IsSuspect(TrackRecord own) => own.Failures >= Failures && own.Failures % Failures == 0;

    /// <returns>The reason for a quarantine; null for none.</returns>
    /// <param name="type">The task type.</param>
    /// <param name="own">The agent's record for it.</param>
    /// <param name="others">Records of agents that take the same tasks.</param>
    /// <param name="now">The time.</param>
    public static string? Judge(string type, TrackRecord own, IEnumerable<Peer> others, DateTimeOffset now)
    {
        if (own.Failures < Failures || own.FailingSince is not { } since)
            return null;
        var (best, count) = (default(Peer), 0);
        foreach (var peer in others)
        {
            if (peer.Record.LastSuccessAt is not { } at || at <= since || now - at > SuccessCounts)
                continue;
            count++;
            if (best.Record?.LastSuccessAt is not { } newest || at > newest)
                best = peer;
        }

        if (count == 0)
            return null;
        var time = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var rest = count == 1 ? "" : $" and {count - 1} more";
        return $"Its last {own.Failures} attempts of '{type}' failed with resource or unknown since {time}, while agent {best.AgentId}{rest} succeeded.";
    }
}
