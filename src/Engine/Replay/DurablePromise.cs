using Headgate.Engine.History;
using Microsoft.DurableTask;

namespace Headgate.Engine.Replay;

/// <summary>A task that only an event of the history completes. Its continuation runs inside the turn that completes it.</summary>
internal interface IDurablePromise
{
    /// <summary>What was asked for.</summary>
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
            // The orchestrator sees an answer it can't read as a failure of the call.
            TrySetException(new TaskFailedException(name, action.TaskId, unreadable));
            return;
        }

        TrySetResult(value!);
    }

    public void Fail(TaskFailureDetails failure) => TrySetException(new TaskFailedException(name, action.TaskId, failure));
}

/// <summary>A timer's end.</summary>
internal sealed class TimerPromise(TimerSet action) : TaskCompletionSource, IDurablePromise
{
    public ActionEvent Action => Timer;

    /// <summary>As the history has it, once it has it: replay can't tell anew when it is due.</summary>
    public TimerSet Timer { get; set; } = action;

    public bool IsOpen => !Task.IsCompleted;

    public void Succeed(string? result, DataConverter converter) => TrySetResult();

    public void Fail(TaskFailureDetails failure) => throw new NotSupportedException("A timer can't fail.");
}
