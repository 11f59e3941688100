using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.LocalHost.Options;

/// <summary>What this host honours of host.json; what is absent has the default the Azure host gives it.</summary>
public sealed record HostJson
{
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string RoutePrefix { get; init; } = "api";

    /// <summary>Activities running at once; 1..1000, ten a processor unless set.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrator turns running at once; 1..1000, ten a processor unless set.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Messages of a queue handled at once; 1..1000, 16 unless set.</summary>
    public int MaxConcurrentCalls { get; init; } = 16;

    /// <summary>How long the lock of a message being handled is kept alive; 5 minutes unless set, zero: not at all.</summary>
    public TimeSpan MaxAutoLockRenewal { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Log levels by category prefix; <c>default</c> for the rest.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The file copied beside the executable, whatever the working directory.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "host.json");

    public static HostJson Read(string path, Problems problems)
    {
        try
        {
            // As text: an editor may have put a byte order mark before it.
            using var document = JsonDocument.Parse(File.ReadAllText(path), s_lenient);
            return Read(document.RootElement, problems);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            problems.Add("host.json", exception.Message);
            return new HostJson();
        }
    }

    private static HostJson Read(JsonElement root, Problems problems)
    {
        var file = new HostJsonSection(root, "host.json", problems, HostJsonNames.Root);
        var extensions = file.Section("extensions", HostJsonNames.Extensions);
        var http = extensions.Section("http", HostJsonNames.Http);
        var durable = extensions.Section("durableTask", HostJsonNames.DurableTask);
        var queue = extensions.Section("serviceBus", HostJsonNames.ServiceBus);
        var defaults = new HostJson();
        return new HostJson
        {
            RoutePrefix = http.Text("routePrefix", defaults.RoutePrefix),
            MaxConcurrentActivities = durable.Number("maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities, 1, 1000),
            MaxConcurrentOrchestrators = durable.Number("maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators, 1, 1000),
            MaxConcurrentCalls = queue.Number("maxConcurrentCalls", defaults.MaxConcurrentCalls, 1, 1000),
            MaxAutoLockRenewal = queue.Duration("maxAutoLockRenewalDuration", defaults.MaxAutoLockRenewal),
            LogLevels = file.Section("logging", HostJsonNames.Logging).Section("logLevel", known: null).Texts(),
        };
    }
}
