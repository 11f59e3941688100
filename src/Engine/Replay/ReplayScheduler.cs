namespace Headgate.Engine.Replay;

/// <summary>
/// Runs an orchestrator's code only on its turn's thread. A continuation from another thread, or after the turn, comes from a task that is
/// not durable: it is dropped and reported.
/// </summary>
internal sealed class ReplayScheduler(TurnRequest request) : SynchronizationContext
{
    private volatile int _thread;

    /// <summary>Null until something is posted; continuations of durable tasks mostly run at once.</summary>
    private Queue<(SendOrPostCallback Callback, object? State)>? _waiting;

    /// <summary>A continuation came from another thread during the turn.</summary>
    public bool ForeignSeen { get; private set; }

    public bool OnTurn => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the turn's body on this thread.</summary>
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

    /// <summary>Runs posted continuations until none is left.</summary>
    public void Drain()
    {
        while (_waiting is not null && _waiting.TryDequeue(out var next))
            next.Callback(next.State);
    }

    /// <exception cref="ForeignAwaitException">The caller is not on the turn's thread.</exception>
    public void RequireTurn()
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
        RequireTurn();
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
