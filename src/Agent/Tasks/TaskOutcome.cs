using System.Text.Json;

namespace Headgate.Agent.Tasks;

/// <summary>What a task type has to say when its work has ended.</summary>
internal abstract record TaskOutcome(string? Log)
{
    public sealed record Succeeded(JsonElement? Output = null, string? Log = null, int? ExitCode = null) : TaskOutcome(Log);

    /// <param name="Category">Null leaves the classification to the service.</param>
    public sealed record Failed(string? Category, string Message, int? ExitCode = null, string? Log = null, JsonElement? Output = null) : TaskOutcome(Log)
    {
        /// <summary>Trying again can't help: the payload, or what this agent allows, must change.</summary>
        public static Failed Refused(string message) => new("permanent", message);
    }

    public sealed record Interrupted(string? Log = null) : TaskOutcome(Log);

    /// <summary>It was stopped before any of it was done.</summary>
    public sealed record NotStarted() : TaskOutcome((string?)null);
}
