using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Core.Retry;

namespace Headgate.Functions.Stores.Runs;

/// <summary>A run as admitted: checked, with every default and policy filled in. Task rows can be made from it again at any time.</summary>
/// <param name="ReplayOf">The failed run that it tries again; null if it is none.</param>
/// <param name="Schedule">The schedule whose run it is; null if it is none's.</param>
/// <param name="RetryBudget">Retries that its tasks may start together; null: as many as each of them may.</param>
public sealed record RunDefinition(
    string Name, string Priority, JsonElement? Metadata, IReadOnlyList<TaskDefinition> Tasks, string? ReplayOf = null, string? Schedule = null, int? RetryBudget = null);

/// <param name="PolicyName">Which of the tenant's policies <paramref name="Policy"/> was copied from.</param>
/// <param name="Policy">With the task's own maxRetries in it, where it gave one. Null before admission.</param>
/// <param name="Resources">What it uses; null where it names nothing.</param>
/// <param name="CarriedFrom">The earlier run in which it completed: here it is completed from the start.</param>
public sealed record TaskDefinition(
    string Name,
    string Type,
    IReadOnlyList<string> Needs,
    string? Agent,
    IReadOnlyDictionary<string, string> Labels,
    int TimeoutSeconds,
    string PolicyName,
    int? MaxRetries,
    RetryPolicy? Policy,
    JsonElement? Payload,
    IReadOnlyList<string>? Resources = null,
    string? CarriedFrom = null);

/// <summary>JSON of what is stored, apart from what crosses the wire: the two change for different reasons.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunDefinition))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, int>))]
[JsonSerializable(typeof(string[]))]
public sealed partial class StoredJson : JsonSerializerContext;
