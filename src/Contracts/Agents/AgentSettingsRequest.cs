using System.Text.Json.Serialization;

namespace Headgate.Contracts.Agents;

/// <summary>Body of <c>PATCH /agents/{a}/settings</c>: what is left out stays; a field sent as null goes back to its default.</summary>
/// <param name="MaxConcurrentTasks">1..100; 3 by default.</param>
/// <param name="TypeLimits">By task type; a type that is not listed is bound by the total alone.</param>
/// <param name="CpuQuotaPercent">1..100; 50 by default.</param>
/// <param name="IoPriority"><c>low</c> by default.</param>
/// <param name="BandwidthLimitMbps">No limit by default.</param>
public sealed record AgentSettingsRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxConcurrentTasks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, int>? TypeLimits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CpuQuotaPercent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IoPriority = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BandwidthLimitMbps = null);
