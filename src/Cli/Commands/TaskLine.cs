using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Cli.Commands;

/// <summary>A task in one line.</summary>
internal static class TaskLine
{
    private const double Mebibyte = 1024 * 1024;

    public static string Of(TaskView task) => Terminal.Plain($"{Sign(task.Status)} {task.Name}  {task.Status}{About(task)}");

    private static string Sign(string status) => status switch
    {
        "completed" => "+",
        "failed" or "exhausted" => "!",
        "cancelled" or "skipped" => "-",
        "running" or "assigned" => ">",
        _ => ".",
    };

    private static string About(TaskView task) => task switch
    {
        { Progress: { } progress } => Progress(progress),
        { NextRetryAt: { } at } => string.Create(CultureInfo.InvariantCulture, $", attempt {task.Attempt + 1} at {Terminal.Time(at)} after {task.LastErrorCategory}"),
        { WaitingFor: { } reason } => $": {reason}",
        { AgentId: { } agent } => string.Create(CultureInfo.InvariantCulture, $", attempt {task.Attempt} on {agent}"),
        _ => "",
    };

    private static string Progress(TaskProgress progress)
    {
        var parts = new List<string>(3);
        if (progress.Percent is { } percent)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{percent:0.#} %"));
        if (progress.Bytes is { } bytes)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.0} MiB"));
        if (progress.Files is { } files)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{files} files"));
        return parts.Count == 0 ? "" : ", " + string.Join(", ", parts);
    }
}
