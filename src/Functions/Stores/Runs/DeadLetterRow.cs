using Headgate.Core.Failures;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Runs;

/// <summary>A task that ended failed or exhausted, by task id: ids begin with the run's inverted time, so the newest runs come first.</summary>
public static class DeadLetterRow
{
    public static TableRow Write(TaskRecord task) => new(
        task.TenantId,
        task.TaskId,
        new Columns(8)
        {
            { "runId", task.RunId },
            { "type", task.Type },
            { "errorCategory", task.State.LastErrorClass?.WireName() },
            { "errorMessage", task.State.LastErrorMessage },
            { "attempts", task.State.Attempt },
            { "at", task.State.FinishedAt },
        });
}
