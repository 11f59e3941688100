using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Runs;

/// <summary>Body of <c>POST /tenants/{t}/runs</c>: 1..200 tasks whose needs form an acyclic graph.</summary>
/// <param name="Name">1..100 characters.</param>
/// <param name="Tasks">The graph's tasks.</param>
/// <param name="Priority"><c>high</c>, <c>normal</c> (default) or <c>low</c>.</param>
/// <param name="Metadata">Any JSON object of at most 32 KiB, returned as given.</param>
/// <param name="RetryBudget">Retries that all of its tasks may start together, 0..1000; as many as each of them may by default.</param>
public sealed record SubmitRunRequest(
    string Name,
    IReadOnlyList<TaskRequest> Tasks,
    string? Priority = null,
    JsonElement? Metadata = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryBudget = null);

/// <param name="Name">Unique in the run.</param>
/// <param name="Type">The capability that the agent must have.</param>
/// <param name="Needs">Names of tasks that must complete first.</param>
/// <param name="Agent">The only agent that may get the task.</param>
/// <param name="Labels">Labels that the agent must have; at most 20.</param>
/// <param name="TimeoutSeconds">1..86400; 3600 by default.</param>
/// <param name="Policy">Name of a retry policy; <c>default</c> by default.</param>
/// <param name="MaxRetries">0..20; overrides the policy's.</param>
/// <param name="Payload">Any JSON of at most 32 KiB, given to the agent.</param>
/// <param name="Resources">Names of resources that it uses, shared by all runs of the tenant; at most 8.</param>
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
