using Headgate.Contracts.Tenants;
using Headgate.Core.Resources;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.Resources;

/// <summary>The body of <c>PUT …/resources/{name}</c>: all of the rules, absent fields being the defaults.</summary>
internal static class ResourceFields
{
    /// <summary>Usable only where the reader has no problems afterwards.</summary>
    public static ResourceRules Read(ObjectReader fields)
    {
        var limits = new ResourceRules(
            fields.Int("maxConcurrent", 1, ResourceRules.MaxConcurrentCeiling),
            fields.IntMap("typeLimits", ResourceRules.MaxTypes, TextRule.TaskType, 0, ResourceRules.MaxConcurrentCeiling) ?? ResourceRules.Default.TypeLimits);
        // How the two relate can be judged only where each is right on its own.
        if (!fields.Problems.Any)
            limits.Check(fields.Problems);
        return limits with
        {
            FailuresToOpen = fields.Int("failuresToOpen", 1, ResourceRules.FailuresToOpenCeiling) ?? ResourceRules.DefaultFailuresToOpen,
            OpenSeconds = fields.Int("openSeconds", 1, ResourceRules.OpenSecondsCeiling) ?? ResourceRules.DefaultOpenSeconds,
        };
    }
}

/// <summary>A body with nothing but a <c>reason</c>.</summary>
internal static class ReasonField
{
    private static readonly TextRule Rule = TextRule.Plain(500);

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

/// <summary>Resources as they are shown.</summary>
internal static class ResourceReplies
{
    /// <param name="stored">As it stands.</param>
    /// <param name="waiting">Ready tasks that name it; null where that is not known.</param>
    public static ResourceView View(StoredResource stored, int? waiting)
    {
        var resource = stored.Resource;
        return new(
            stored.Name,
            resource.Phase.WireName(),
            resource.Since,
            resource.Until,
            resource.Reason,
            resource.By,
            resource.Rules.MaxConcurrent,
            resource.Rules.TypeLimits,
            resource.Rules.FailuresToOpen,
            resource.Rules.OpenSeconds,
            resource.Failures.Count,
            resource.Ramp,
            resource.CountsUsers ? resource.Users.Count : null,
            waiting);
    }

    public static Refusal NotFound(string name) => Refusals.NotFound("Resource", "resource-not-found", "name", name);
}
