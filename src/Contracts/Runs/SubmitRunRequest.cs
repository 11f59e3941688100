using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

/// <summary>Body of <c>POST /tenants/{t}/runs</c>: 1..200 tasks whose needs form an acyclic graph.</summary>
/// <param name="Name">1..100 characters.</param>
/// <param name="Tasks">The graph's tasks.</param>
/// <param name="Priority"><c>high</c>, <c>normal</c> (default) or <c>low</c>.</param>
/// <param name="Metadata">Free JSON object, returned as given.</param>
public sealed record SubmitRunRequest(string Name, IReadOnlyList<TaskRequest> Tasks, string? Priority = null, JsonElement? Metadata = null);

/// <summary>One task as submitted.</summary>
/// <param name="Name">Unique in the run.</param>
/// <param name="Type">What the agent must be able to do.</param>
/// <param name="Needs">Names of tasks that must complete first.</param>
/// <param name="Agent">Pins the task to one agent.</param>
/// <param name="Labels">Labels the agent must carry; at most 20.</param>
/// <param name="TimeoutSeconds">1..86400; 3600 by default.</param>
/// <param name="Policy">Retry policy by name; the tenant's <c>default</c> where absent.</param>
/// <param name="MaxRetries">0..20; overrides the policy's.</param>
/// <param name="Payload">Handed to the agent as given; at most 32 KiB.</param>
/// <param name="Resources">Names of what it uses, shared by all runs of the tenant; at most 8.</param>
public sealed record TaskRequest(
    string Name,
    string Type,
    IReadOnlyList<string>? Needs = null,
    string? Agent = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    int? TimeoutSeconds = null,
    string? Policy = null,
    int? MaxRetries = null,
    JsonElement? Payload = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Resources = null);
