using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>A task that only a history event completes. Its continuation runs inside the turn that completes it.</summary>
internal interface IDurablePromise
{
    ActionEvent Action { get; }

    bool IsOpen { get; }

    void Succeed(string? result, DataConverter converter);

    void Fail(TaskFailureDetails failure);
}

/// <summary>The answer of an activity or sub-orchestration.</summary>
internal sealed class TaskPromise<T>(string name, ActionEvent action) : TaskCompletionSource<T>, IDurablePromise
{
    public ActionEvent Action => action;

    public bool IsOpen => !Task.IsCompleted;

    public void Succeed(string? result, DataConverter converter)
    {
        T? value;
        try
        {
            value = result is null ? default : converter.Deserialize<T>(result);
        }
        catch (Exception unreadable)
        {
            // To the orchestrator, an answer that can't be read is a failed call.
            TrySetException(new TaskFailedException(name, action.TaskId, unreadable));
            return;
        }

        TrySetResult(value!);
    }

    public void Fail(TaskFailureDetails failure) => TrySetException(new TaskFailedException(name, action.TaskId, failure));
}

internal sealed class TimerPromise(TimerSet action) : TaskCompletionSource, IDurablePromise
{
    public ActionEvent Action => Timer;

    /// <summary>During replay replaced by the recorded one, because replay would compute another due time.</summary>
    public TimerSet Timer { get; set; } = action;

    public bool IsOpen => !Task.IsCompleted;

    public void Succeed(string? result, DataConverter converter) => TrySetResult();

    public void Fail(TaskFailureDetails failure) => throw new NotSupportedException("A timer can't fail.");
}
