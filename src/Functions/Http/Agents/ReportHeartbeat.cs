using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Http.Wire;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Http.Agents;

/// <summary><c>POST /agents/{a}/heartbeat</c>.</summary>
public sealed class ReportHeartbeat(Heartbeats heartbeats, RunWaker waker, HeadgateOptions options)
{
    [Function(nameof(ReportHeartbeat))]
    [AgentOnly]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/heartbeat")] HttpRequest request,
        string agentId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var heartbeat = HeartbeatReader.Read(reader);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        if (await heartbeats.BeatAsync(agentId, heartbeat, cancellationToken) is not { } outcome)
            return Reply.Refused(Refusals.AgentNotFound(agentId));
        await waker.WakeAsync(client, outcome.Woken, CancellationToken.None);
        var agent = outcome.Agent.Agent;
        return Reply.Ok(
            new HeartbeatAnswer(
                options.Heartbeat.Seconds,
                heartbeat.SettingsVersion == agent.SettingsVersion ? null : AgentViews.Settings(agent),
                outcome.Cancel,
                outcome.Lost),
            ContractJson.Default.HeartbeatAnswer);
    }
}
