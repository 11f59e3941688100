using System.Text.Json;
using Headgate.Contracts.Runs;

namespace Headgate.Demo;

/// <summary>Short ways to write runs down.</summary>
internal static class Tasks
{
    public static SubmitRunRequest Run(string name, params TaskRequest[] tasks) => new(name, tasks);

    public static TaskRequest Command(string name, params string[] argv) => new(name, "command", Payload: Json(new Dictionary<string, object> { ["argv"] = argv }));

    public static TaskRequest After(this TaskRequest task, params string[] needs) => task with { Needs = needs };

    public static TaskRequest WithPolicy(this TaskRequest task, string policy, int? maxRetries = null) => task with { Policy = policy, MaxRetries = maxRetries };

    public static TaskRequest Archive(string name, string[] paths, string output, string[] exclude) => new(
        name,
        "archive",
        Payload: Json(new Dictionary<string, object> { ["paths"] = paths, ["output"] = output, ["exclude"] = exclude }));

    /// <summary>With restic, into the repository that the agent's configuration names so.</summary>
    public static TaskRequest Backup(string name, string path) => new(
        name, "backup", Payload: Json(new Dictionary<string, object> { ["repository"] = AgentConfig.Vault, ["paths"] = new[] { path } }));

    public static TaskRequest Restore(string name, string target) => new(
        name, "restore", Payload: Json(new Dictionary<string, object> { ["repository"] = AgentConfig.Vault, ["target"] = target }));

    public static SubmitRunRequest Sleeper(string name, string seconds) => Run(name, Command("sleep", Scripts.Sleep, seconds));

    private static JsonElement Json(Dictionary<string, object> payload) => JsonSerializer.SerializeToElement(payload);
}
