namespace Headgate.Engine.Replay;

/// <summary>
/// Runs an orchestrator's code on the thread of its turn and nowhere else. Whatever comes back from another thread, or after the turn,
/// was awaited outside the durable tasks: it is dropped and reported.
/// </summary>
internal sealed class ReplayScheduler(TurnRequest request) : SynchronizationContext
{
    private volatile int _thread;

    /// <summary>Null until something is posted: what a durable task completes runs at once.</summary>
    private Queue<(SendOrPostCallback Callback, object? State)>? _waiting;

    /// <summary>Code came back from another thread while the turn ran.</summary>
    public bool ForeignSeen { get; private set; }

    public bool OnTurn => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the turn's body here, with everything it starts.</summary>
    public TResult Run<TState, TResult>(Func<TState, TResult> body, TState state)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            return body(state);
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs what has become ready, until nothing is.</summary>
    public void Drain()
    {
        while (_waiting is not null && _waiting.TryDequeue(out var next))
            next.Callback(next.State);
    }

    /// <exception cref="ForeignAwaitException">The caller is not the turn's own code.</exception>
    public void Demand()
    {
        if (OnTurn)
            return;
        ReportForeign();
        throw new ForeignAwaitException();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (OnTurn)
            (_waiting ??= new()).Enqueue((d, state));
        else
            ReportForeign();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        Demand();
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private void ReportForeign()
    {
        if (_thread != 0)
            ForeignSeen = true;
        else
            request.ForeignAwait?.Invoke(request);
    }
}
