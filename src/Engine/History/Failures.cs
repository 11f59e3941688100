using Microsoft.DurableTask;

namespace Headgate.Engine.History;

internal static class Failures
{
    /// <summary>How many nested exceptions are kept, the outermost included.</summary>
    private const int MaxDepth = 8;

    /// <summary>In characters.</summary>
    private const int MaxStackTrace = 8_000;

    /// <summary>The details of an exception. The failure inside a <see cref="TaskFailedException"/> becomes its cause.</summary>
    public static TaskFailureDetails Of(Exception exception) => Of(exception, MaxDepth);

    /// <summary>A failure without an exception; <paramref name="kind"/> takes the place of the exception's type.</summary>
    public static TaskFailureDetails Named(string kind, string message) => new(kind, message, null, null, null);

    /// <summary>What a parent sees when its sub-orchestration is terminated or replaced.</summary>
    public static TaskFailureDetails Terminated(string name, string id) =>
        Named("OrchestrationTerminated", $"The orchestration '{name}' ({id}) was terminated.");

    public static TaskFailureDetails UnknownActivity(string name) => Named("ActivityTaskNotFound", $"There is no activity '{name}'.");

    public static TaskFailureDetails UnknownOrchestrator(string name) => Named("OrchestratorTaskNotFound", $"There is no orchestrator '{name}'.");

    /// <summary>Whether a retry is useless: functions can't be added while the process runs.</summary>
    public static bool IsFinal(TaskFailureDetails failure) => failure.ErrorType is "ActivityTaskNotFound" or "OrchestratorTaskNotFound";

    private static TaskFailureDetails Of(Exception exception, int depth) => new(
        exception.GetType().ToString(), exception.Message, Shortened(exception.StackTrace), Cause(exception, depth - 1), null);

    private static TaskFailureDetails? Cause(Exception exception, int depth) => exception switch
    {
        TaskFailedException failed => failed.FailureDetails,
        { InnerException: { } inner } when depth > 0 => Of(inner, depth),
        _ => null,
    };

    private static string? Shortened(string? trace) => trace?.Length > MaxStackTrace ? trace[..MaxStackTrace] : trace;
}
