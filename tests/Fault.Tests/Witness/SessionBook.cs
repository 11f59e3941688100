namespace Headgate.Fault.Tests.Witness;

/// <summary>
/// Which process has each agent, as far as the answers tell. One that names itself, has the agent and is heard of loses it to nobody: another is
/// refused until it has ended, has been silent for a lease, or has let others ask in vain; and nobody else is given work.
/// </summary>
/// <param name="sightings">Where broken invariants go.</param>
/// <param name="elapsed">Time that nobody sets.</param>
/// <param name="terms">The service's.</param>
internal sealed class SessionBook(Sightings sightings, Func<TimeSpan> elapsed, SessionTerms terms)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AgentEntry> _agents = new(StringComparer.Ordinal);

    /// <summary>A heartbeat or claim is about to be sent.</summary>
    public SessionCall Calling(string agentId, bool isBeat)
    {
        lock (_gate)
        {
            var agent = Of(agentId);
            if (isBeat)
                agent.OpenBeats++;
            return new SessionCall(agentId, elapsed(), agent.Version);
        }
    }

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="session">What it said, in the header or else in its body.</param>
    /// <param name="isNamed">By a header.</param>
    /// <param name="ends">Whether it gave the agent up.</param>
    /// <param name="isTaken">Null where nobody knows.</param>
    public void Beaten(SessionCall call, string? session, bool isNamed, bool ends, bool? isTaken)
    {
        lock (_gate)
        {
            var agent = Of(call.AgentId);
            agent.OpenBeats--;
            var isSure = IsSure(agent, call);
            var hold = agent.Hold;
            var isHolder = hold is not null && hold.IsOf(session, isNamed);
            if (isTaken == true)
            {
                sightings.Holds(
                    !isSure || isHolder || hold is not { IsNamed: true, HasEnded: false } || elapsed() - hold.HeardAt >= terms.Lease || hold.Refused >= terms.RefusalsToFollow,
                    () => $"{session} has {call.AgentId} though {hold!.Session} had it, was heard of {(elapsed() - hold.HeardAt).TotalSeconds} s before and only {hold.Refused} heartbeats of others were refused since");
                agent.Take(session, isNamed, ends, call.At, isSure, isHolder);
            }
            else if (isTaken == false)
            {
                sightings.Holds(!isSure || !isHolder || hold!.HasEnded, () => $"{session} has {call.AgentId}, and its heartbeat was refused");
                agent.Refused();
            }
            else
            {
                agent.Doubt(session, isHolder, ends);
            }
        }
    }

    /// <summary>A heartbeat was not judged at all.</summary>
    public void Dismissed(SessionCall call)
    {
        lock (_gate)
            Of(call.AgentId).OpenBeats--;
    }

    /// <summary>A claim was answered.</summary>
    /// <param name="session">By the header.</param>
    /// <param name="tasks">How many it was given; null where another process has the agent.</param>
    public void Claimed(SessionCall call, string? session, int? tasks)
    {
        lock (_gate)
        {
            var agent = Of(call.AgentId);
            if (agent.Hold is not { } hold || !IsSure(agent, call))
                return;
            var isHolder = hold.IsNamed ? hold.Session == session && !hold.HasEnded : session is null;
            var mayHave = isHolder || !hold.IsNamed || (session is null && hold.HasEnded);
            sightings.Holds(mayHave || tasks is null or 0, () => $"{session ?? "a process without a name"} was given {tasks} tasks of {call.AgentId}, which {hold.Session} has");
            sightings.Holds(!isHolder || tasks is not null, () => $"{session ?? "a process without a name"} has {call.AgentId}, and its claim was refused");
        }
    }

    /// <summary>Which continuous hold this named process has on the agent; null where it has none for sure.</summary>
    public long? HoldOf(string agentId, string session)
    {
        lock (_gate)
            return Of(agentId).Hold is { IsNamed: true, HasEnded: false } hold && hold.Session == session ? hold.Number : null;
    }

    // What another heartbeat changes that is under way, or was while this call was, nobody can tell.
    private static bool IsSure(AgentEntry agent, SessionCall call) => agent.OpenBeats == 0 && agent.Version == call.Version;

    private AgentEntry Of(string agentId)
    {
        if (!_agents.TryGetValue(agentId, out var agent))
            _agents.Add(agentId, agent = new AgentEntry());
        return agent;
    }

    private sealed class AgentEntry
    {
        private readonly HashSet<string?> _mayHaveEnded = [];
        private long _holds;

        public int OpenBeats { get; set; }

        /// <summary>Changes whenever another process may have the agent, or the same no more.</summary>
        public int Version { get; private set; }

        public HoldEntry? Hold { get; private set; }

        /// <param name="isSure">No other heartbeat was under way: this one was the last.</param>
        /// <param name="isHolder">It had the agent before.</param>
        public void Take(string? session, bool isNamed, bool ends, TimeSpan at, bool isSure, bool isHolder)
        {
            var goesOn = isSure && isHolder;
            if (!goesOn || ends)
                Version++;
            // One that may have ended before has the agent, and may have ended still.
            var isKnown = isSure && (goesOn || ends || !_mayHaveEnded.Contains(session));
            var hadEnded = goesOn && Hold!.HasEnded && isNamed;
            Hold = isKnown ? new HoldEntry(session, isNamed, ends || hadEnded, at, goesOn ? Hold!.Number : ++_holds) : null;
            if (ends)
                _mayHaveEnded.Add(session);
        }

        public void Refused()
        {
            if (Hold is not null)
                Hold.Refused++;
        }

        /// <summary>Nobody knows whether the heartbeat was taken.</summary>
        public void Doubt(string? session, bool isHolder, bool ends)
        {
            if (ends)
                _mayHaveEnded.Add(session);
            // The holder's own changes nothing.
            if (isHolder && !ends)
                return;
            Version++;
            Hold = null;
        }
    }

    private sealed class HoldEntry(string? session, bool isNamed, bool hasEnded, TimeSpan heardAt, long number)
    {
        public string? Session => session;

        public bool IsNamed => isNamed;

        public bool HasEnded => hasEnded;

        /// <summary>When its last heartbeat that was taken was sent.</summary>
        public TimeSpan HeardAt => heardAt;

        public long Number => number;

        /// <summary>Heartbeats of others since.</summary>
        public int Refused { get; set; }

        public bool IsOf(string? other, bool isOtherNamed) => session == other && isNamed == isOtherNamed;
    }
}

/// <param name="Lease">How long the process that has an agent may be silent.</param>
/// <param name="RefusalsToFollow">So many of others in a row without a heartbeat of it, and the next may follow.</param>
internal sealed record SessionTerms(TimeSpan Lease, int RefusalsToFollow);

/// <param name="At">When it was sent.</param>
/// <param name="Version">Of what was known of the agent then.</param>
internal sealed record SessionCall(string AgentId, TimeSpan At, int Version);
