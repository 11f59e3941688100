using System.Diagnostics;
using Headgate.Contracts.Agents;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Headgate.Agent.Running;

/// <summary>
/// A span for each attempt, in the trace of its run, exported where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector; the other <c>OTEL_</c> variables of
/// the OpenTelemetry specification hold too. Names and attributes are OpenTelemetry's for messaging: a task is a message that was handed out.
/// </summary>
internal sealed class AttemptSpans : IDisposable
{
    public const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceNameVariable = "OTEL_SERVICE_NAME";

    private readonly ActivitySource _source = new("Headgate.Agent");
    private readonly TracerProvider _provider;
    private readonly string _agentId;

    private AttemptSpans(string? serviceName, string agentId)
    {
        _agentId = agentId;
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(serviceName ?? "headgate-agent", serviceInstanceId: agentId))
            .AddSource(_source.Name)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>Null where nothing is to be exported: nothing is loaded then.</summary>
    public static AttemptSpans? Of(Func<string, string?> variable, string agentId) =>
        string.IsNullOrEmpty(variable(CollectorVariable)) ? null : new AttemptSpans(variable(ServiceNameVariable), agentId);

    /// <summary>Null where the run's trace is not recorded.</summary>
    public Activity? Begin(ClaimedTask task) =>
        ActivityContext.TryParse(task.Traceparent, null, isRemote: true, out var parent)
            ? _source.StartActivity("process tasks", ActivityKind.Consumer, parent)?
                .SetTag("messaging.system", "headgate")
                .SetTag("messaging.operation.name", "process")
                .SetTag("messaging.operation.type", "process")
                .SetTag("messaging.destination.name", "tasks")
                .SetTag("messaging.message.id", $"{task.TaskId}:{task.Attempt}")
                .SetTag("headgate.task.type", task.Type)
                .SetTag("headgate.agent.id", _agentId)
            : null;

    /// <param name="span">Null where none was begun.</param>
    /// <param name="result">Null where the attempt is no longer this agent's.</param>
    public static void End(Activity? span, TaskResult? result)
    {
        if (span is null)
            return;
        span.SetTag("headgate.attempt.outcome", result?.Status ?? "lost");
        if (result?.Status != "success")
            span.SetTag("error.type", result?.ErrorCategory ?? result?.Status ?? "lost").SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }

    /// <summary>Sends what is left, for five seconds at most.</summary>
    public void Dispose()
    {
        _provider.Dispose();
        _source.Dispose();
    }
}
