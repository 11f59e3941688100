using Headgate.Engine.History;
using Headgate.Engine.Instances;

namespace Headgate.Engine;

/// <summary>Runs the activities that orchestrations call, each at least once, and puts the answers into the callers' inboxes.</summary>
internal sealed class ActivityCalls(EngineCore core)
{
    /// <summary>Longest result that is shared, in characters.</summary>
    private const int LongestShared = 256;

    private string? _latestResult;

    /// <summary>Called inside the gate.</summary>
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
            // The stop cancelled it; it runs again at the next start.
            answer = null;
        }
        catch (Exception thrown)
        {
            // The orchestrator decides what any exception of an activity means.
            answer = new TaskFailed(call.TaskId, Failures.Of(thrown));
        }

        lock (core.Gate)
        {
            caller.ActivitiesOut--;
            // Not written: the turn that takes the answer writes it. After a crash before that the activity runs again.
            if (answer is not null && caller.Row is { Ended: false } row && row.Execution == execution)
                core.Deliver(caller, new(0, execution, answer));
            else
                core.Instances.Rest(caller);
        }

        core.Activities.Done();
    }

    /// <summary>Serializes a result. Consecutive equal results share one string, which idle instances keep.</summary>
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
