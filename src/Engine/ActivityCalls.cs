using Headgate.Engine.History;
using Headgate.Engine.Instances;

namespace Headgate.Engine;

/// <summary>Runs the activities that orchestrations call: at least once each, the answer going to the caller's inbox.</summary>
internal sealed class ActivityCalls(EngineCore core)
{
    /// <summary>A longer text is not kept for the next, in characters.</summary>
    private const int LongestShared = 256;

    private string? _latestResult;

    /// <summary>Inside the gate.</summary>
    public void Call(Instance caller, long execution, ActivityScheduled call)
    {
        caller.ActivitiesOut++;
        core.Activities.Post(new Run(this, caller, execution, call));
    }

    private async Task RunAsync(Instance caller, long execution, ActivityScheduled call)
    {
        HistoryEvent? answer;
        try
        {
            answer = core.Functions.TryGetActivity(call.Name, out var activity)
                ? new TaskSucceeded(call.TaskId, Text(await activity(new(call.Name, caller.Id, call.Input, core.Converter, core.Stopping.Token))))
                : new TaskFailed(call.TaskId, Failures.UnknownActivity(call.Name));
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            // The process has ended it before it was done.
            answer = null;
        }
        catch (Exception thrown)
        {
            // Whatever an activity throws is the orchestrator's to judge.
            answer = new TaskFailed(call.TaskId, Failures.Of(thrown));
        }

        lock (core.Gate)
        {
            caller.ActivitiesOut--;
            // The answer itself is not written: until a turn has taken it, the activity would run again after a crash.
            if (answer is not null && caller.Row is { Ended: false } row && row.Execution == execution)
                core.Deliver(caller, new(0, execution, answer));
            else
                core.Instances.Rest(caller);
        }

        core.Activities.Done();
    }

    /// <summary>A result as text. Instances that rest with the same answer share one text of it.</summary>
    private string? Text(object? result)
    {
        var text = core.Converter.Serialize(result);
        var latest = _latestResult;
        if (text == latest)
            return latest;
        if (text is { Length: <= LongestShared })
            _latestResult = text;
        return text;
    }

    private sealed class Run(ActivityCalls owner, Instance caller, long execution, ActivityScheduled call) : IThreadPoolWorkItem
    {
        public void Execute() => _ = owner.RunAsync(caller, execution, call);
    }
}
