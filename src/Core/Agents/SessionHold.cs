namespace Headgate.Core.Agents;

/// <summary>Which of an agent's processes has the agent. Two may use one identity: a copied state folder, a cloned image, a rolling update.</summary>
/// <param name="Session">Of the process that has it; null before the first.</param>
/// <param name="IsFenced">It names itself in every call, so that others are told from it and refused while it lives. One that is not is followed by the next that comes.</param>
/// <param name="HasEnded">It has given the agent up.</param>
/// <param name="RivalBeats">Heartbeats of others that were refused since its own last one, each at least most of an interval after the one before.</param>
/// <param name="RivalAt">When the last of those came.</param>
public sealed record SessionHold(string? Session = null, bool IsFenced = false, bool HasEnded = false, int RivalBeats = 0, DateTimeOffset? RivalAt = null)
{
    /// <summary>Whether a claim of the session may have work. One without a name can't be told from another's where the holder has one.</summary>
    public bool AllowsClaimOf(string? session) =>
        session is null ? !IsFenced || HasEnded : Session is null || (Session == session && !HasEnded);

    /// <summary>What becomes of a heartbeat.</summary>
    /// <param name="session">Whose it is; null where it does not say.</param>
    /// <param name="isFenced">Whether its process names itself in every call.</param>
    /// <param name="ends">Whether it gives the agent up.</param>
    /// <param name="isOver">Nothing has been heard of the agent for a lease.</param>
    /// <param name="rules">The times that count.</param>
    /// <param name="now">The time.</param>
    public SessionDecision Beat(string? session, bool isFenced, bool ends, bool isOver, SessionRules rules, DateTimeOffset now)
    {
        // A named one is not heard again after its end but late; one without a name may be its next life.
        if (session is null ? !IsFenced : Session == session)
            return new SessionDecision.Goes(this with { IsFenced = IsFenced || isFenced, HasEnded = ends || (HasEnded && IsFenced), RivalBeats = 0 });
        if (!IsFenced || HasEnded || isOver)
            return Followed(session, isFenced, ends, wasSilent: false);
        // Only so much is believed of the clock: one that is set forward lets a single heartbeat pass as waited for.
        var counts = RivalBeats == 0 || !(now - RivalAt is { Ticks: >= 0 } since && since < rules.ShortestWait);
        var beats = counts ? RivalBeats + 1 : RivalBeats;
        return beats >= rules.BeatsToFollow
            ? Followed(session, isFenced, ends, wasSilent: true)
            : new SessionDecision.InUse(this with { RivalBeats = beats, RivalAt = counts ? now : RivalAt }, IsNews: !(now - RivalAt < rules.Lease));
    }

    private SessionDecision.Goes Followed(string? session, bool isFenced, bool ends, bool wasSilent) =>
        new(new SessionHold(session, isFenced, ends), IsNew: Session is not null, wasSilent);
}
