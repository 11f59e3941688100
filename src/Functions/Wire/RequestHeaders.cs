using Headgate.Contracts.Agents;
using Headgate.Core.Identity;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Wire;

/// <summary>The header <c>Idempotency-Key</c>: 1..255 printable ASCII characters, at most once.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <returns>The key, or null where there is none or it is a problem.</returns>
    public static string? Read(HttpRequest request, Problems problems)
    {
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0)
            return null;
        if (values.Count == 1 && Grammar.IsIdempotencyKey(values[0]))
            return values[0];

        problems.Add(Header, "must be 1..255 printable ASCII characters, given once");
        return null;
    }
}

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

/// <summary>
/// The header <c>If-Match</c>: absent allows anything, <c>*</c> whatever exists, a list one of whose ETags is the current one. Weak ETags match
/// nothing, as HTTP has it for writes, and neither does a header that is no such list.
/// </summary>
internal readonly struct IfMatch
{
    private static readonly IList<EntityTagHeaderValue> s_nothing = [];

    private readonly IList<EntityTagHeaderValue>? _etags;

    private IfMatch(IList<EntityTagHeaderValue> etags) => _etags = etags;

    public static IfMatch Of(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
            return default;
        return new IfMatch(EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var etags) && !IsMixed(etags) ? etags : s_nothing);
    }

    public bool Allows(string current) =>
        _etags is null || _etags.Any(etag => !etag.IsWeak && (etag.Tag == EntityTagHeaderValue.Any.Tag || etag.Tag == current));

    /// <summary><c>*</c> stands alone.</summary>
    private static bool IsMixed(IList<EntityTagHeaderValue> etags) => etags.Count > 1 && etags.Any(etag => etag.Tag == EntityTagHeaderValue.Any.Tag);
}
