using Headgate.Core.Plans;
using Headgate.Core.Validation;
using Headgate.Functions.Wire;

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
