using Headgate.Engine.History;

namespace Headgate.Engine.Replay;

/// <summary>
/// One turn, a pure function of its request: replays the orchestrator from the start of its generation, checks it against the history, and
/// continues with the news.
/// </summary>
internal sealed class OrchestrationTurn
{
    private readonly TurnRequest _request;
    private readonly ReplayScheduler _scheduler;
    private readonly ReplayContext _context;
    private Task<object?>? _running;
    private int _consumed;

    private OrchestrationTurn(TurnRequest request)
    {
        _request = request;
        _scheduler = new(request);
        _context = new(request, _scheduler);
    }

    private bool HasReturned => _running is { IsCompleted: true };

    /// <summary>As in Microsoft's engine, an orchestration ends only when all its calls and timers have: it must cancel timers it no longer needs.</summary>
    private bool Ended => HasReturned && !_context.HasOpenTasks;

    /// <remarks>
    /// An input that can't be serialized threw when it was first asked for. Replay skips serializing and so misses that. Therefore a turn that
    /// leaves its path is run once more with inputs serialized, and that run counts.
    /// </remarks>
    public static TurnOutcome Run(TurnRequest request)
    {
        var outcome = RunOnce(request);
        return outcome.LeftItsPath ? RunOnce(request with { WritesInputs = true }) : outcome;
    }

    private static TurnOutcome RunOnce(TurnRequest request)
    {
        var turn = new OrchestrationTurn(request);
        return turn._scheduler.Run(static turn => turn.Play(), turn);
    }

    private TurnOutcome Play()
    {
        try
        {
            Replay();
            TakeNews();
            return Ended ? End() : Wait();
        }
        catch (NondeterminismException left)
        {
            return Fail(left);
        }
    }

    private void Replay()
    {
        for (var position = 0; position < _request.History.Count; position++)
        {
            var one = _request.History[position];
            if (Ended && one is not ActionEvent)
                throw new NondeterminismException(Describe(one), "the end", position);
            switch (one)
            {
                case ActionEvent recorded:
                    Match(recorded, position);
                    break;
                case TurnStarted started:
                    RequireMatched(position);
                    StartTurn(started, replaying: true);
                    break;
                default:
                    _context.Deliver(one);
                    break;
            }
        }

        RequireMatched(_request.History.Count);
    }

    private void TakeNews()
    {
        while (!Ended && _consumed < _request.News.Count)
        {
            var one = _request.News[_consumed];
            if (one is TurnStarted started)
                StartTurn(started, replaying: false);
            else
                _context.Deliver(one);
            _consumed++;
        }
    }

    private void StartTurn(TurnStarted started, bool replaying)
    {
        _context.StartTurn(started.Time, replaying);
        _running ??= Start();
        _scheduler.Drain();
    }

    private Task<object?> Start()
    {
        try
        {
            return _request.Orchestrator(_context);
        }
        catch (Exception thrown)
        {
            // An orchestrator that is not an async method throws here.
            return Task.FromException<object?>(thrown);
        }
    }

    private void Match(ActionEvent recorded, int position)
    {
        if (!_context.Asked.TryDequeue(out var asked))
            throw new NondeterminismException(recorded.Description, HasReturned ? "the end" : "nothing", position);
        if (!recorded.SameAs(asked))
            throw new NondeterminismException(recorded.Against(asked), asked.Against(recorded), position);
        if (recorded is TimerSet timer)
            _context.Recorded(timer);
    }

    private void RequireMatched(int position)
    {
        if (_context.Asked.TryPeek(out var asked))
            throw new NondeterminismException("nothing more in this turn", asked.Description, position);
    }

    private TurnOutcome Wait() => _context.CanWake && !_scheduler.ForeignSeen
        ? Outcome(TurnEnd.Waiting, _context.OpenTimers)
        : Fail(new ForeignAwaitException());

    private TurnOutcome End()
    {
        if (_running!.IsCanceled)
            return Fail(new TaskCanceledException(_running));
        if (_running.Exception?.InnerException is { } thrown)
            return Fail(thrown);
        if (!_context.ContinuesAsNew)
            return Complete(_running.Result);
        return Outcome(TurnEnd.ContinuedAsNew) with { Output = _context.NextInput, HandedOn = _context.HandedOn };
    }

    private TurnOutcome Complete(object? result)
    {
        try
        {
            return Outcome(TurnEnd.Completed) with { Output = _request.Converter.Serialize(result) };
        }
        catch (Exception unwritable)
        {
            // A result that can't be serialized fails the orchestration.
            return Fail(unwritable);
        }
    }

    /// <summary>The actions of an orchestrator that threw still count; those of one that broke the rules don't.</summary>
    private TurnOutcome Fail(Exception reason) => Outcome(TurnEnd.Failed) with
    {
        Failure = Failures.Of(reason),
        Actions = [.. reason is NondeterminismException or ForeignAwaitException ? [] : _context.Asked],
        LeftItsPath = reason is NondeterminismException,
    };

    private TurnOutcome Outcome(TurnEnd end, params TimerSet[] openTimers) => new(end, _context.Asked.ToArray(), openTimers)
    {
        News = _consumed == _request.News.Count ? _request.News : [.. _request.News.Take(_consumed)],
        StatusSet = _context.StatusSet,
        CustomStatus = _context.CustomStatus,
    };

    private static string Describe(HistoryEvent one) => one switch
    {
        TurnStarted => "another turn",
        TaskSucceeded or TaskFailed => "an answer",
        TimerFired => "a timer",
        EventRaised raised => $"event '{raised.Name}' from outside",
        _ => one.GetType().Name,
    };
}
