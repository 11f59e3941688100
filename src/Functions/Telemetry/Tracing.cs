using System.Diagnostics;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// The app's part of a run's trace: submission, message, orchestration, activity, hand-out, agent, settlement. Which span is the parent of which stands in
/// the rows of run and tasks, so that the trace goes on after a restart and in another process. An orchestrator, which is replayed, begins none.
/// Names and attributes are OpenTelemetry's for messaging where there is a message, and those of Durable Functions for orchestrations.
/// Nothing is begun where nobody listens, or where the caller's trace is not recorded.
/// </summary>
public static class Tracing
{
    public const string SourceName = "Headgate";

    /// <summary>What hands messages on, for <c>messaging.system</c>: of our own.</summary>
    private const string MessagingSystem = "headgate";

    /// <summary>Listened to by whoever exports.</summary>
    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>A span in a trace that is under way. Null: none is recorded.</summary>
    /// <param name="traceParent">Its parent, as W3C writes it; null or anything else: there is no span.</param>
    public static Activity? Begin(string name, ActivityKind kind, string? traceParent) =>
        Source.HasListeners() && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? Source.StartActivity(name, kind, parent) : null;

    /// <summary>The sending of a message to a queue.</summary>
    public static Activity? BeginSend(string queue, string? traceParent) =>
        Source.HasListeners() ? OfMessage(Begin($"send {queue}", ActivityKind.Producer, traceParent), "send", "send", queue) : null;

    /// <summary>The handling of a message of a queue.</summary>
    public static Activity? BeginProcess(string queue, string messageId, string? traceParent) =>
        Source.HasListeners()
            ? OfMessage(Begin($"process {queue}", ActivityKind.Consumer, traceParent), "process", "process", queue)?.SetTag("messaging.message.id", messageId)
            : null;

    /// <summary>A task on its way to an agent. Others are begun before it ends: it is never the current one.</summary>
    /// <param name="traceParent">The task's.</param>
    public static Activity? BeginHandOut(string taskId, int attempt, string type, string agentId, string? traceParent)
    {
        if (!Source.HasListeners())
            return null;
        var current = Activity.Current;
        var span = OfMessage(Begin("hand-out tasks", ActivityKind.Producer, traceParent), "hand-out", "send", "tasks");
        Activity.Current = current;
        return span?.SetTag("messaging.message.id", $"{taskId}:{attempt}").SetTag("headgate.task.type", type).SetTag("headgate.agent.id", agentId);
    }

    /// <param name="span">Null where none was begun.</param>
    /// <param name="happened">False: what it tells of came to nothing, and it is not exported.</param>
    public static void End(Activity? span, bool happened = true)
    {
        if (span is null)
            return;
        var current = Activity.Current;
        if (!happened)
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.Dispose();
        Activity.Current = ReferenceEquals(current, span) ? span.Parent : current;
    }

    /// <summary>That an attempt was settled, by a call of its agent or by the server.</summary>
    /// <param name="outcome">As counted.</param>
    /// <param name="category">Failure class; null where it did not fail.</param>
    /// <param name="traceParent">The attempt's hand-out.</param>
    public static void Settled(string taskId, int attempt, string outcome, string? category, string answer, string? traceParent)
    {
        if (!Source.HasListeners())
            return;
        var call = Activity.Current;
        using var span = OfMessage(Begin("settle tasks", ActivityKind.Client, traceParent), "settle", "settle", "tasks");
        if (span is null)
            return;
        span.SetTag("messaging.message.id", $"{taskId}:{attempt}").SetTag("headgate.attempt.outcome", outcome).SetTag("headgate.attempt.answer", answer);
        if (category is not null)
            span.SetTag("error.type", category).SetStatus(ActivityStatusCode.Error);
        if (call is { Recorded: true, IdFormat: ActivityIdFormat.W3C } && call.TraceId != span.TraceId)
            span.AddLink(new ActivityLink(call.Context));
    }

    /// <summary>The whole life of a run, told when it has ended.</summary>
    /// <param name="name">The orchestration's.</param>
    /// <param name="runId">Also the orchestration instance's.</param>
    /// <param name="status">The run's last.</param>
    /// <param name="began">When it was admitted.</param>
    /// <param name="ended">Now.</param>
    /// <param name="traceParent">The run's.</param>
    public static void RunEnded(string name, string runId, string status, DateTimeOffset began, DateTimeOffset ended, string? traceParent)
    {
        if (!Source.HasListeners() || !ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent))
            return;
        using var span = Source.StartActivity($"orchestration:{name}", ActivityKind.Internal, parent, tags: null, links: null, startTime: began);
        if (span is null)
            return;
        span.SetTag("durabletask.type", "orchestration").SetTag("durabletask.task.name", name).SetTag("durabletask.task.instance_id", runId).SetTag("headgate.run.status", status);
        if (status == "failed")
            span.SetStatus(ActivityStatusCode.Error);
        span.SetEndTime((ended > began ? ended : began).UtcDateTime);
    }

    /// <summary>The trace context if it is recorded, and by somebody here too: only such a one is worth a column.</summary>
    public static string? Kept(string? traceParent) =>
        Source.HasListeners() && ActivityContext.TryParse(traceParent, null, out var context) && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? traceParent : null;

    private static Activity? OfMessage(Activity? span, string name, string type, string destination) => span?
        .SetTag("messaging.system", MessagingSystem)
        .SetTag("messaging.operation.name", name)
        .SetTag("messaging.operation.type", type)
        .SetTag("messaging.destination.name", destination);
}
