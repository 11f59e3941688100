using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

/// <summary>Body of <c>POST /a2a/foreman</c>: a run of these tasks, or of one task of a type.</summary>
/// <param name="TenantId">Whose run.</param>
/// <param name="RunId">Serves as the call's idempotency key.</param>
/// <param name="Name">Of the run; by default its type.</param>
/// <param name="RunType">Without tasks: the type of the one task.</param>
/// <param name="Tasks">The graph's tasks.</param>
/// <param name="Payload">Without tasks: what the one task is given.</param>
/// <param name="Trigger">What started it.</param>
public sealed record GatewayRequest(
    string TenantId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RunId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RunType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TaskRequest>? Tasks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Payload = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Priority = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trigger = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata = null);
