using System.Text.Json.Serialization;

namespace Headgate.Contracts.Tenants;

/// <summary>Body of <c>PATCH /tenants/{t}</c>; what is left out stays.</summary>
/// <param name="Name">1..100 characters.</param>
/// <param name="Limits">A limit that is null goes back to the plan's; one that is left out stays.</param>
public sealed record UpdateTenantRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Plan = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LimitsRequest? Limits = null);

/// <summary>Body of <c>POST /tenants/{t}/pause</c>.</summary>
/// <param name="Reason">1..500 characters.</param>
/// <param name="Until">When it ends by itself; null: when somebody resumes the tenant.</param>
public sealed record PauseRequest(string? Reason = null, DateTimeOffset? Until = null);
