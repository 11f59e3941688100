using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Agents;

/// <summary><c>POST /agents/{a}/heartbeat</c>.</summary>
public sealed class ReportHeartbeat(
    Heartbeats heartbeats, HeartbeatPace pace, RunWaker waker, AuditTrail audit, Metrics metrics, HeadgateOptions options, ILogger<ReportHeartbeat> logger)
{
    [Function(nameof(ReportHeartbeat))]
    [AgentOnly]
    [Does("Report that an agent is alive"), Takes(typeof(HeartbeatRequest)), Headers(AgentSession.Header)]
    [Answers(200, typeof(HeartbeatAnswer)), Refuses("agent-in-use too-many-heartbeats")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/heartbeat")] HttpRequest request,
        string agentId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (!pace.Allows(agentId))
            return Reply.Refused(TooMany(agentId));
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var heartbeat = HeartbeatReader.Read(reader);
        var session = SessionHeader.Read(request, out var refusal);
        if (refusal is not null)
            return Reply.Refused(refusal);
        if (session is not null && heartbeat.Session is { } stated && stated != session)
            reader.Problem("session", $"differs from the header {AgentSession.Header}");
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        switch (await heartbeats.BeatAsync(agentId, heartbeat with { Session = session ?? heartbeat.Session }, isFenced: session is not null, cancellationToken))
        {
            case HeartbeatOutcome.Taken taken:
                await waker.WakeAsync(client, taken.Woken, CancellationToken.None);
                if (taken.TookOver)
                    await TellAsync(taken.Agent.Agent, AuditAction.AgentFollowed, "Another process with its identity had the agent and fell silent.", context);
                return Answer(heartbeat, taken);
            case HeartbeatOutcome.InUse inUse:
                metrics.AgentContended();
                if (inUse.IsNews)
                    await TellAsync(inUse.Agent.Agent, AuditAction.AgentContended, "Another process with its identity was refused: this one has the agent and is alive.", context);
                return Reply.Refused(SessionHeader.InUse(agentId, options.Heartbeat.Seconds));
            default:
                return Reply.Refused(Refusals.AgentNotFound(agentId));
        }
    }

    private Reply Answer(HeartbeatRequest heartbeat, HeartbeatOutcome.Taken taken)
    {
        var agent = taken.Agent.Agent;
        return Reply.Ok(
            new HeartbeatAnswer(
                options.Heartbeat.Seconds,
                heartbeat.SettingsVersion == agent.SettingsVersion ? null : AgentViews.Settings(agent),
                taken.Cancel,
                taken.Lost),
            ContractJson.Default.HeartbeatAnswer);
    }

    private static Refusal TooMany(string agentId) =>
        new Refusal(429, "too-many-heartbeats", "The agent reports too often") { RetryAfter = 1 }.With("agentId", agentId);

    // An operator has to know: one identity is meant for one process.
    private ValueTask TellAsync(AgentRecord agent, AuditAction action, string why, FunctionContext context)
    {
        logger.AgentShared(agent.AgentId, why);
        return audit.WriteAsync(agent.TenantId, context.Caller(), action, agent.AgentId, why, context.RequestId());
    }
}

/// <summary>Reads a heartbeat and names everything that is wrong with it.</summary>
public static class HeartbeatReader
{
    internal const int MaxDisks = 100;
    internal const int MaxRunning = 1000;
    private static readonly TextRule ShortText = TextRule.Plain(50);
    internal static readonly TextRule MountPath = TextRule.Plain(255);
    internal static readonly TextRule TaskIdText = TextRule.Plain(200);

    public static HeartbeatRequest Read(ObjectReader body) => new(
        body.String("version", ShortText, required: true) ?? "",
        body.String("os", ShortText, required: true) ?? "",
        body.Number("uptimeSeconds", 0, double.MaxValue) ?? 0,
        body.Objects("disks", 0, MaxDisks)?.Select(Disk).ToList(),
        Running(body),
        body.Int("settingsVersion", 0, int.MaxValue),
        body.String("session", SessionHeader.Rule),
        Load(body),
        body.Bool("ended"));

    private static DiskReport Disk(ObjectReader body)
    {
        var disk = new DiskReport(
            body.String("mountPath", MountPath, required: true) ?? "",
            body.Long("freeBytes", 0, long.MaxValue, required: true) ?? 0,
            body.Long("totalBytes", 1, long.MaxValue, required: true) ?? 1);
        body.End();
        return disk;
    }

    private static List<RunningAttempt> Running(ObjectReader body)
    {
        var running = new List<RunningAttempt>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in body.Objects("running", 0, MaxRunning) ?? [])
        {
            var taskId = item.String("taskId", TaskIdText, required: true);
            var attempt = item.Int("attempt", 1, int.MaxValue, required: true);
            var progress = Progress(item);
            item.End();
            if (taskId is not null && !seen.Add(taskId))
                item.Problem("taskId", $"'{taskId}' is listed twice");
            else if (taskId is not null && attempt is not null)
                running.Add(new RunningAttempt(taskId, attempt.Value, progress));
        }

        return running;
    }

    private static TaskProgress? Progress(ObjectReader body)
    {
        if (body.Object("progress") is not { } progress)
            return null;
        var told = new TaskProgress(
            progress.Number("percent", 0, 100),
            progress.Long("bytes", 0, long.MaxValue),
            progress.Long("files", 0, long.MaxValue));
        progress.End();
        return told;
    }

    private static LoadReport? Load(ObjectReader body)
    {
        if (body.Object("load") is not { } load)
            return null;
        var report = new LoadReport(
            load.Number("cpuPercent", 0, 100_000),
            load.Number("memoryPercent", 0, 100),
            load.Int("freeSlots", 0, 1000));
        load.End();
        return report;
    }
}
