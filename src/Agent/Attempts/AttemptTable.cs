using Headgate.Contracts.Agents;

namespace Headgate.Agent.Attempts;

/// <summary>
/// Everything in the agent's hands, under its limits. Total and per-type room are judged together, in one step and before
/// anything is claimed: no attempt ever holds a slot of one kind while it waits for the other. An attempt counts until its
/// result is answered, as it does for the service, but to a claim that the service holds until then.
/// </summary>
internal sealed class AttemptTable
{
    private readonly Lock _gate = new();

    /// <summary>In the order in which they came.</summary>
    private readonly OrderedDictionary<(string TaskId, int Attempt), Attempt> _held = [];

    private readonly Limits _own;
    private readonly IReadOnlyCollection<string> _takenTypes;
    private Limits _limits;
    private int _withheld;

    public AttemptTable(Limits own, IReadOnlyCollection<string> takenTypes) => (_own, _limits, _takenTypes) = (own, own, takenTypes);

    public Signal RoomChanged { get; } = new();

    public Limits Limits
    {
        get
        {
            lock (_gate)
                return _limits;
        }
    }

    /// <summary>Slots that nobody has and that are not kept back.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_gate)
                return Math.Max(0, Offered() - _held.Count);
        }
    }

    /// <summary>Keeps so many slots back from claims. What was handed out already runs all the same, and one slot is always offered.</summary>
    public void Withhold(int slots)
    {
        lock (_gate)
        {
            if (_withheld == slots)
                return;
            _withheld = slots;
        }

        RoomChanged.Set();
    }

    /// <summary>How many tasks may be claimed now: free total, and no more than the types it takes have room for.</summary>
    /// <param name="early">Those that have ended and are being reported count no more: by the time a task comes the service knows.</param>
    public int ClaimRoom(bool early = false)
    {
        lock (_gate)
        {
            var room = Offered() - Held(null, early);
            var byType = _takenTypes.Sum(type => Math.Max(0, _limits.Of(type) - Held(type, early)));
            return Math.Clamp(Math.Min(room, byType), 0, Limits.MaxTotal);
        }
    }

    /// <summary>Takes over what was claimed. Earlier attempts of the task are lost: they stop, and count until they have stopped.</summary>
    /// <returns>False for an attempt that is held already, or is older than one that is.</returns>
    public bool Accept(Attempt attempt)
    {
        List<Attempt> earlier;
        lock (_gate)
        {
            var same = _held.Values.Where(a => a.Task.TaskId == attempt.Task.TaskId).ToList();
            if (same.Exists(a => a.Task.Attempt >= attempt.Task.Attempt))
                return false;
            _held.Add((attempt.Task.TaskId, attempt.Task.Attempt), attempt);
            earlier = same;
        }

        earlier.ForEach(a => a.Stop(StopReason.Lost));
        return true;
    }

    /// <summary>Marks as running, oldest first, every waiting attempt that fits; one that does not fit holds up no other type.</summary>
    public IReadOnlyList<Attempt> Start()
    {
        lock (_gate)
        {
            List<Attempt>? started = null;
            var running = Count(null, AttemptState.Running);
            foreach (var attempt in _held.Values)
            {
                if (running >= _limits.Total)
                    break;
                if (attempt.State != AttemptState.Waiting || Count(attempt.Task.Type, AttemptState.Running) >= _limits.Of(attempt.Task.Type))
                    continue;
                attempt.State = AttemptState.Running;
                running++;
                (started ??= []).Add(attempt);
            }

            return started ?? [];
        }
    }

    /// <summary>Takes a stopped attempt out of those that wait for room; false where it has been started meanwhile.</summary>
    public bool TryLeaveQueue(Attempt attempt)
    {
        lock (_gate)
        {
            if (attempt.State != AttemptState.Waiting)
                return false;
            attempt.State = AttemptState.Running;
            return true;
        }
    }

    /// <summary>The attempt has ended and its result waits to be answered.</summary>
    public void Ended(Attempt attempt)
    {
        lock (_gate)
            attempt.State = AttemptState.Reporting;
        RoomChanged.Set();
    }

    /// <summary>The service knows, or does not want to know: the attempt is out of this agent's hands.</summary>
    public void Settled(string taskId, int attempt)
    {
        lock (_gate)
        {
            if (!_held.Remove((taskId, attempt)))
                return;
        }

        RoomChanged.Set();
    }

    /// <summary>How many attempts of these types run now, those that are about to start among them.</summary>
    public int Running(IReadOnlyCollection<string> types)
    {
        lock (_gate)
            return _held.Values.Count(a => a.State == AttemptState.Running && types.Contains(a.Task.Type));
    }

    public IReadOnlyList<Attempt> Held()
    {
        lock (_gate)
            return [.. _held.Values];
    }

    public Limits Apply(AgentSettings settings)
    {
        Limits limits;
        lock (_gate)
            limits = _limits = _own.TightenedBy(settings);
        RoomChanged.Set();
        return limits;
    }

    private int Offered() => Math.Max(1, _limits.Total - _withheld);

    private int Held(string? type, bool early) => Count(type, null) - (early ? Count(type, AttemptState.Reporting) : 0);

    private int Count(string? type, AttemptState? state)
    {
        var count = 0;
        foreach (var attempt in _held.Values)
        {
            if ((type is null || attempt.Task.Type == type) && (state is null || attempt.State == state))
                count++;
        }

        return count;
    }
}
