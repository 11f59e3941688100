using Headgate.Contracts.Agents;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.Agents;

/// <summary>The header <see cref="AgentSession.Header"/>: which process of the agent calls, at most once.</summary>
internal static class SessionHeader
{
    public static readonly TextRule Rule = TextRule.Plain(100);

    /// <returns>The session, or null where the process does not name itself or <paramref name="refusal"/> is set.</returns>
    public static string? Read(HttpRequest request, out Refusal? refusal)
    {
        refusal = null;
        if (!request.Headers.TryGetValue(AgentSession.Header, out var values) || values.Count == 0)
            return null;
        if (values.Count == 1 && Rule.Allows(values[0]))
            return values[0];

        refusal = Refusals.InvalidRequest(AgentSession.Header, $"{Rule.Message}, given once");
        return null;
    }

    /// <param name="agentId">The agent whose other process has it.</param>
    /// <param name="heartbeatSeconds">When another try makes sense.</param>
    public static Refusal InUse(string agentId, int heartbeatSeconds) =>
        new Refusal(409, "agent-in-use", "Another process has this agent's identity and is alive") { RetryAfter = heartbeatSeconds }.With("agentId", agentId);
}
