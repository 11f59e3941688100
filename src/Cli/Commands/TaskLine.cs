using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Cli.Commands;

/// <summary>A task in one line.</summary>
internal static class TaskLine
{
    private const double Mebibyte = 1024 * 1024;

    private const int BarWidth = 20;

    /// <param name="now">For one who watches: times count down and shares are bars. Null: as they are.</param>
    public static string Of(TaskView task, DateTimeOffset? now = null) => Terminal.Plain($"{Sign(task.Status)} {task.Name}  {task.Status}{About(task, now)}");

    private static string Sign(string status) => status switch
    {
        "completed" => "+",
        "failed" or "exhausted" => "!",
        "cancelled" or "skipped" => "-",
        "running" or "assigned" => ">",
        _ => ".",
    };

    private static string About(TaskView task, DateTimeOffset? now) => task switch
    {
        { Progress: { } progress } => Progress(progress, now is not null),
        { NextRetryAt: { } at } => string.Create(CultureInfo.InvariantCulture, $", attempt {task.Attempt + 1} {When(at, now)} after {task.LastErrorCategory}"),
        { WaitingFor: { } reason } => $": {reason}",
        { AgentId: { } agent } => string.Create(CultureInfo.InvariantCulture, $", attempt {task.Attempt} on {agent}"),
        _ => "",
    };

    private static string When(DateTimeOffset at, DateTimeOffset? now) => now is { } moment
        ? string.Create(CultureInfo.InvariantCulture, $"in {Math.Max(0, Math.Ceiling((at - moment).TotalSeconds)):0} s")
        : $"at {Terminal.Time(at)}";

    private static string Bar(double percent)
    {
        var done = (int)Math.Round(Math.Clamp(percent, 0, 100) / 100 * BarWidth);
        return $"[{new string('=', done)}{new string(' ', BarWidth - done)}] ";
    }

    private static string Progress(TaskProgress progress, bool withBar)
    {
        var parts = new List<string>(3);
        if (progress.Percent is { } percent)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{(withBar ? Bar(percent) : "")}{percent:0.#} %"));
        if (progress.Bytes is { } bytes)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.0} MiB"));
        if (progress.Files is { } files)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{files} files"));
        return parts.Count == 0 ? "" : ", " + string.Join(", ", parts);
    }
}
