using System.CommandLine;
using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Cli.Commands;

internal static class TaskCommands
{
    public static void AddTo(CommandLine line)
    {
        var tasks = line.Group("tasks", "Tasks of runs");
        var id = Given.Id("task", "The task's id");
        line.Add(tasks, new Command("show", "One task with its attempts") { id }, async (call, cancellationToken) =>
            Show(call, await call.Client.Runs.GetTaskAsync(call.Value(id), cancellationToken)));
        line.Add(tasks, new Command("explain", "What holds a task, and what would cure it") { id }, async (call, cancellationToken) =>
            Explanation.Show(call, await call.Client.Runs.ExplainTaskAsync(call.Value(id), cancellationToken)));
    }

    private static void Show(Call call, TaskView task)
    {
        call.Terminal.Show(
            task,
            ContractJson.Default.TaskView,
            ("task", task.TaskId),
            ("type", task.Type),
            ("status", task.Status),
            ("waiting for", task.WaitingFor),
            ("needs", string.Join(", ", task.Needs)),
            ("resources", string.Join(", ", task.Resources)),
            ("retries left", string.Create(CultureInfo.InvariantCulture, $"{task.RetriesRemaining} of {task.MaxRetries}")),
            ("next retry", Terminal.Time(task.NextRetryAt)));
        if (call.Terminal.AsJson)
            return;
        foreach (var attempt in task.Attempts)
        {
            var failure = attempt.ErrorCategory is null ? "" : $", {attempt.ErrorCategory}: {attempt.ErrorMessage}";
            call.Terminal.Line(Terminal.Plain(string.Create(
                CultureInfo.InvariantCulture, $"  attempt {attempt.Attempt} on {attempt.AgentId}: {attempt.Outcome ?? "running"}{failure}")));
        }
    }
}

/// <summary>What holds something.</summary>
internal static class Explanation
{
    public static void Show(Call call, ExplainView explained)
    {
        if (call.Terminal.AsJson)
        {
            call.Terminal.Show(explained, ContractJson.Default.ExplainView);
            return;
        }

        call.Terminal.Line(explained.Place is { } place ? string.Create(CultureInfo.InvariantCulture, $"{explained.State}, place {place} in line") : explained.State);
        foreach (var cause in explained.Causes)
        {
            call.Terminal.Line(Terminal.Plain($"  {cause.Code}: {cause.Message}"));
            foreach (var cure in cause.Cures)
                call.Terminal.Line(Terminal.Plain($"    try: {cure}"));
        }

        if (explained.EstimatedStartAt is { } start)
            call.Terminal.Line(Terminal.Plain($"expected to start at {Terminal.Time(start)} ({explained.EstimateBasis})"));
    }
}
