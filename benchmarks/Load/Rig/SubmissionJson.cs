using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Load.Rig;

/// <summary>A submission as a client writes it: what has a default is left away.</summary>
internal sealed record SubmissionBody(string Name, IReadOnlyList<SubmittedTask> Tasks);

internal sealed record SubmittedTask(string Name, string Type, string? Policy, JsonElement? Payload = null);

internal sealed record SleepPayload(IReadOnlyList<string> Argv);

internal sealed record SlotSettings(int MaxConcurrentTasks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubmissionBody))]
[JsonSerializable(typeof(SleepPayload))]
[JsonSerializable(typeof(SlotSettings))]
internal sealed partial class SubmissionJson : JsonSerializerContext;
