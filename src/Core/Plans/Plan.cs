namespace Headgate.Core.Plans;

/// <summary>What a tenant buys.</summary>
/// <param name="Id">Wire id.</param>
/// <param name="DisplayName">For people, and in refusals.</param>
/// <param name="Limits">What it allows unless the tenant has an override.</param>
/// <param name="PriceCents">A month.</param>
/// <param name="Weight">Share of a contended pool relative to other tenants.</param>
/// <param name="Features">What it switches on.</param>
public sealed record Plan(string Id, string DisplayName, TenantLimits Limits, int PriceCents, int Weight, IReadOnlyList<string> Features);
