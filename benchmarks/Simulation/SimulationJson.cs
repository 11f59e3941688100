using System.Text.Json.Serialization;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Traffic;

namespace Headgate.Simulation;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TaskPayload))]
[JsonSerializable(typeof(SlotSettings))]
[JsonSerializable(typeof(PauseBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(Report))]
internal sealed partial class SimulationJson : JsonSerializerContext;

/// <summary>Body of a change of an agent's settings.</summary>
internal sealed record SlotSettings(int MaxConcurrentTasks);

/// <summary>Body of a pause.</summary>
internal sealed record PauseBody(string Reason, DateTimeOffset? Until);

/// <summary>Body of a suspension and of its end.</summary>
internal sealed record ReasonBody(string Reason);
