namespace Headgate.Core.Agents;

/// <summary>Which process (session) holds an agent. Two processes may use one identity: a copied state folder, a cloned image, a rolling update.</summary>
/// <param name="Session">The holder's; null before the first.</param>
/// <param name="IsFenced">The holder names its session in every call, so that other processes are refused while it lives. Without that, the next process to call takes over.</param>
/// <param name="HasEnded">The holder has given the agent up.</param>
/// <param name="RivalBeats">Heartbeats of others refused since the holder's last one, at least <see cref="SessionRules.ShortestWait"/> apart.</param>
/// <param name="RivalAt">When the last of those came.</param>
public sealed record SessionHold(string? Session = null, bool IsFenced = false, bool HasEnded = false, int RivalBeats = 0, DateTimeOffset? RivalAt = null)
{
    /// <summary>Whether a claim of this session may get work; null for a claim that names none.</summary>
    public bool AllowsClaimOf(string? session) =>
        session is null ? !IsFenced || HasEnded : Session is null || (Session == session && !HasEnded);

    /// <summary>Decides about a heartbeat.</summary>
    /// <param name="session">The heartbeat's session; null if it names none.</param>
    /// <param name="isFenced">Its process names its session in every call.</param>
    /// <param name="ends">It gives the agent up.</param>
    /// <param name="isOver">The agent was silent for a lease.</param>
    /// <param name="rules">When another session may take over.</param>
    /// <param name="now">The time.</param>
    public SessionDecision Beat(string? session, bool isFenced, bool ends, bool isOver, SessionRules rules, DateTimeOffset now)
    {
        // After its end, a fenced session's heartbeat can only be a late one. Without a fence it may come from the next process.
        if (session is null ? !IsFenced : Session == session)
            return new SessionDecision.Holds(this with { IsFenced = IsFenced || isFenced, HasEnded = ends || (HasEnded && IsFenced), RivalBeats = 0 });
        if (!IsFenced || HasEnded || isOver)
            return TakenOver(session, isFenced, ends, wasSilent: false);
        // Counted in heartbeats, not in time: a clock that is set forward adds one beat at most.
        var counts = RivalBeats == 0 || !(now - RivalAt is { Ticks: >= 0 } since && since < rules.ShortestWait);
        var beats = counts ? RivalBeats + 1 : RivalBeats;
        return beats >= rules.BeatsToTakeOver
            ? TakenOver(session, isFenced, ends, wasSilent: true)
            : new SessionDecision.InUse(this with { RivalBeats = beats, RivalAt = counts ? now : RivalAt }, IsNews: !(now - RivalAt < rules.Lease));
    }

    private SessionDecision.Holds TakenOver(string? session, bool isFenced, bool ends, bool wasSilent) =>
        new(new SessionHold(session, isFenced, ends), IsNew: Session is not null, wasSilent);
}
