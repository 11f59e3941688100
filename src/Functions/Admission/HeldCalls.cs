namespace Headgate.Functions.Admission;

/// <summary>
/// The calls of one tenant in this process that are held for a slot, in the order in which they came. A call costs an entry and a timer, no
/// thread. An entry goes when the call is answered, its time is over, its caller leaves or the service stops.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="places">Of all tenants in this process.</param>
/// <param name="requeue">Has a call decided for the last time.</param>
/// <param name="look">Has the tenant looked at anew.</param>
internal sealed class HeldCalls(TimeProvider clock, HoldPlaces places, Action<TenantCall> requeue, Action look)
{
    public const int Most = 100;

    /// <summary>How often the tenant is looked at anew while calls are held: another process may have freed a slot.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly List<HeldCall> None = [];

    private readonly Lock _lock = new();
    private readonly LinkedList<HeldCall> _line = [];
    private ITimer? _looks;

    internal enum Ending
    {
        None,
        Over,
        Left,
    }

    /// <summary>How many more calls may be held.</summary>
    public int Left => Math.Min(Most - Count, places.Left);

    public int Count
    {
        get
        {
            lock (_lock)
                return _line.Count;
        }
    }

    /// <summary>Holds the call, unless its time is over already: then it is decided for the last time.</summary>
    public void Add(TenantCall call)
    {
        var hold = call.Hold!;
        var left = hold.Longest - clock.GetElapsedTime(hold.Since);
        if (left <= TimeSpan.Zero || hold.Stopping.IsCancellationRequested)
        {
            call.EndHold();
            requeue(call);
            return;
        }

        var held = new HeldCall(call);
        places.Take();
        lock (_lock)
        {
            _line.AddLast(held);
            _looks ??= clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        }

        // Each may ring at once.
        held.Timer = clock.CreateTimer(_ => End(held, Ending.Over), null, left, Timeout.InfiniteTimeSpan);
        held.Leaving = hold.Leaving.UnsafeRegister(_ => End(held, Ending.Left), null);
        held.Stopping = hold.Stopping.UnsafeRegister(_ => End(held, Ending.Over), null);
        if (held.IsGone)
            held.Release();
    }

    /// <summary>All that are held, for a round that may answer some. What ends meanwhile ends after the round.</summary>
    public List<HeldCall> BeginRound()
    {
        lock (_lock)
        {
            if (_line.Count == 0)
                return None;
            foreach (var held in _line)
                (held.IsInRound, held.IsPrepared) = (true, false);
            return [.. _line];
        }
    }

    /// <param name="round">What <see cref="BeginRound"/> gave.</param>
    /// <param name="answered">Those of them that were answered.</param>
    /// <param name="keys">Exclusive keys of operations that were written: who waits with one of them finds its answer there.</param>
    public void EndRound(List<HeldCall> round, IReadOnlyCollection<HeldCall> answered, IReadOnlySet<string> keys)
    {
        List<HeldCall> ended = [];
        lock (_lock)
        {
            foreach (var held in round)
            {
                held.IsInRound = false;
                var isTwin = held.Call.ExclusiveKey is { } key && keys.Contains(key);
                if (!answered.Contains(held) && held.Ending == Ending.None && !isTwin)
                    continue;
                Remove(held);
                if (!answered.Contains(held))
                    ended.Add(held);
            }
        }

        foreach (var held in ended)
        {
            if (held.Ending == Ending.None)
                requeue(held.Call);
            else
                Finish(held, held.Ending);
        }

        foreach (var held in round.Where(held => held.IsGone))
            held.Release();
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_line.Count == 0)
            {
                _looks?.Dispose();
                _looks = null;
                return;
            }
        }

        look();
    }

    private void End(HeldCall held, Ending ending)
    {
        lock (_lock)
        {
            if (held.IsGone)
                return;
            held.Ending = held.Ending == Ending.Left ? Ending.Left : ending;
            if (held.IsInRound)
                return;
            Remove(held);
        }

        held.Release();
        Finish(held, ending);
    }

    private void Finish(HeldCall held, Ending ending)
    {
        if (ending == Ending.Left)
        {
            held.Call.Abandon();
            return;
        }

        held.Call.EndHold();
        requeue(held.Call);
    }

    private void Remove(HeldCall held)
    {
        _line.Remove(held);
        places.GiveBack();
        held.IsGone = true;
    }

    /// <summary>A call that is held.</summary>
    internal sealed class HeldCall(TenantCall call)
    {
        public TenantCall Call => call;

        /// <summary>Whether it has read, in this round, what its decision needs.</summary>
        public bool IsPrepared { get; set; }

        public bool IsInRound { get; set; }

        public bool IsGone { get; set; }

        public ITimer? Timer { get; set; }

        public CancellationTokenRegistration Leaving { get; set; }

        public CancellationTokenRegistration Stopping { get; set; }

        public Ending Ending { get; set; }

        // Without waiting for a callback under way, which may wait for the lock.
        public void Release()
        {
            Timer?.Dispose();
            Leaving.Unregister();
            Stopping.Unregister();
        }
    }
}
