namespace Headgate.Core.Plans;

/// <summary>What a tenant buys.</summary>
/// <param name="Id">Wire id.</param>
/// <param name="DisplayName">Shown to people, also in refusals.</param>
/// <param name="Limits">Limits unless the tenant has overrides.</param>
/// <param name="PriceCents">Per month.</param>
/// <param name="Weight">Share of the shared agents, relative to other tenants.</param>
/// <param name="Features">Names of features included.</param>
public sealed record Plan(string Id, string DisplayName, TenantLimits Limits, int PriceCents, int Weight, IReadOnlyList<string> Features);
