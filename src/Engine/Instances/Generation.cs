using Headgate.Engine.History;

namespace Headgate.Engine.Instances;

/// <summary>The history of one generation: an instance's life between two calls of continue-as-new.</summary>
internal sealed class Generation
{
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>How many turns are in the log.</summary>
    public int Turns { get; set; }

    /// <summary>Timers that have not fired. Includes cancelled ones if it was read from disk: firing those has no effect.</summary>
    public TimerSet[] Timers { get; set; } = [];

    /// <summary>The time of the latest turn.</summary>
    public DateTime Clock { get; set; } = DateTime.MinValue;

    public static Generation Read(InstanceReader reader, string id)
    {
        var read = new Generation();
        read.Turns = reader.ReadHistory(id, read.Events);
        var fired = read.Events.OfType<TimerFired>().Select(timer => timer.TaskId).ToHashSet();
        read.Timers = [.. read.Events.OfType<TimerSet>().Where(timer => !fired.Contains(timer.TaskId))];
        if (read.Events.FindLast(one => one is TurnStarted) is TurnStarted latest)
            read.Clock = latest.Time;
        return read;
    }

    /// <summary>Calls without an answer.</summary>
    public IEnumerable<T> Unanswered<T>()
        where T : ActionEvent
    {
        var answered = new HashSet<int>();
        foreach (var one in Events)
        {
            if (one is TaskSucceeded succeeded)
                answered.Add(succeeded.TaskId);
            else if (one is TaskFailed failed)
                answered.Add(failed.TaskId);
        }

        return Events.OfType<T>().Where(call => !answered.Contains(call.TaskId));
    }

    /// <summary>Adds a turn.</summary>
    /// <param name="news">What came in; the first is the <see cref="TurnStarted"/>.</param>
    /// <param name="actions">What the orchestrator asked for.</param>
    /// <param name="timers">The timers open after the turn.</param>
    public void Add(IReadOnlyList<HistoryEvent> news, IReadOnlyList<ActionEvent> actions, TimerSet[] timers)
    {
        Clock = ((TurnStarted)news[0]).Time;
        Events.AddRange(news);
        Events.AddRange(actions);
        Timers = timers;
        Turns++;
    }
}
