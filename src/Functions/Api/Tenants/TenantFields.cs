using Headgate.Core.Plans;
using Headgate.Core.Validation;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Api.Tenants;

/// <summary>The field <c>plan</c>. A plan nobody knows is refused under its own code, with every other problem beside it.</summary>
internal static class PlanField
{
    private static readonly string[] Known = [.. PlanTable.All.Select(plan => plan.Id)];

    /// <param name="fields">The body.</param>
    /// <param name="required">Whether it must be there.</param>
    /// <param name="unknown">The plan that nobody knows; null otherwise.</param>
    public static string? Read(ObjectReader fields, bool required, out string? unknown)
    {
        var plan = fields.String("plan", TextRule.Plain(64), required);
        unknown = plan is null || PlanTable.TryGet(plan, out _) ? null : plan;
        if (unknown is not null)
            fields.Problem("plan", NearestName.Of(unknown, Known) is { } near ? $"is unknown; did you mean '{near}'?" : $"is unknown; known are {string.Join(", ", Known)}");
        return plan;
    }

    public static Refusal Refuse(Problems problems, string? unknown) => unknown is null
        ? Refusals.InvalidBody(problems)
        : (Refusals.InvalidBody(problems) with { Code = "unknown-plan", Error = "Unknown plan" }).With("plan", unknown);
}

/// <summary>The field <c>limits</c>: a number overrides the plan's limit, null clears the override, absent leaves it.</summary>
internal sealed class LimitsField
{
    private readonly Limit _concurrentRuns;
    private readonly Limit _monthlyRuns;
    private readonly Limit _repos;
    private readonly Limit _members;

    private LimitsField(ObjectReader fields)
    {
        _concurrentRuns = Limit.Read(fields, "maxConcurrentRuns");
        _monthlyRuns = Limit.Read(fields, "maxMonthlyRuns");
        _repos = Limit.Read(fields, "maxRepos");
        _members = Limit.Read(fields, "maxMembers");
        fields.End();
    }

    /// <summary>Null where there is no such field.</summary>
    public static LimitsField? Read(ObjectReader fields) => fields.Object("limits") is { } limits ? new LimitsField(limits) : null;

    public LimitOverrides ApplyTo(LimitOverrides overrides) => new(
        _concurrentRuns.ApplyTo(overrides.MaxConcurrentRuns),
        _monthlyRuns.ApplyTo(overrides.MaxMonthlyRuns),
        _repos.ApplyTo(overrides.MaxRepos),
        _members.ApplyTo(overrides.MaxMembers));

    private readonly record struct Limit(bool Clears, int? Value)
    {
        public static Limit Read(ObjectReader fields, string name) => new(fields.IsNull(name), fields.Int(name, 0, LimitOverrides.Ceiling));

        public int? ApplyTo(int? current) => Clears ? null : Value ?? current;
    }
}

/// <summary>A body with nothing but a <c>reason</c>.</summary>
internal static class ReasonField
{
    public static readonly TextRule Rule = TextRule.Plain(500);

    public static async ValueTask<(string? Reason, Refusal? Refusal)> ReadAsync(HttpRequest request, bool required, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return (null, bad);

        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", Rule, required);
        fields.End();
        return (reason, fields.Problems.Any ? Refusals.InvalidBody(fields.Problems) : null);
    }
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
