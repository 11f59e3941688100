using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;

namespace Headgate.LocalHost.Durable;

/// <summary>Runs the activities that orchestrations call: at least once each, the answer going to the caller's inbox.</summary>
internal sealed class ActivityCalls(EngineCore core)
{
    /// <summary>Inside the gate.</summary>
    public void Call(Instance caller, long execution, ActivityScheduled call)
    {
        caller.ActivitiesOut++;
        core.Activities.Post(new Run(this, caller, execution, call));
    }

    private async Task RunAsync(Instance caller, long execution, ActivityScheduled call)
    {
        var answer = await AnswerAsync(caller, call);
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

    /// <returns>Null if the process ended the activity before it was done.</returns>
    private async Task<HistoryEvent?> AnswerAsync(Instance caller, ActivityScheduled call)
    {
        try
        {
            if (!core.Functions.TryGetActivity(call.Name, out var activity))
                return new TaskFailed(call.TaskId, Failures.UnknownActivity(call.Name));
            var result = await activity(new(call.Name, caller.Id, call.Input, core.Converter, core.Stopping.Token));
            return new TaskSucceeded(call.TaskId, core.Converter.Serialize(result));
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception thrown)
        {
            // Whatever an activity throws is the orchestrator's to judge.
            return new TaskFailed(call.TaskId, Failures.Of(thrown));
        }
    }

    private sealed class Run(ActivityCalls owner, Instance caller, long execution, ActivityScheduled call) : IThreadPoolWorkItem
    {
        public void Execute() => _ = owner.RunAsync(caller, execution, call);
    }
}
