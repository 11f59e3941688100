namespace Microsoft.DurableTask;

/// <summary>What an activity may know of the call it serves.</summary>
public abstract class TaskActivityContext
{
    /// <summary>The activity's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The orchestration instance that called it.</summary>
    public abstract string InstanceId { get; }
}

/// <summary>Who started a sub-orchestration.</summary>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);

/// <summary>How an orchestration goes on with a fresh history.</summary>
public class ContinueAsNewOptions
{
    /// <summary>The input of the next generation.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether events nobody waited for are handed on; default true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;
}
