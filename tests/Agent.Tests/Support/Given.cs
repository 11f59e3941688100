using System.Text.Json;
using Headgate.Agent.Attempts;
using Headgate.Agent.Options;
using Headgate.Agent.Quotas;
using Headgate.Agent.Running;
using Headgate.Agent.Tasks;
using Headgate.Agent.Tasks.Archive;
using Headgate.Agent.Tasks.Command;
using Headgate.Contracts.Agents;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tests.Support;

internal static class Given
{
    public const string Shell = "/bin/sh";

    public static ClaimedTask Task(string type, object? payload = null, int attempt = 1, string? id = null, int timeoutSeconds = 3600) => new(
        id ?? $"r{Guid.NewGuid():N}.task", "run", "acme", type, attempt, DateTimeOffset.UnixEpoch, timeoutSeconds,
        payload is null ? null : JsonSerializer.SerializeToElement(payload));

    public static ClaimedTask Script(string script, int timeoutSeconds = 3600, params string[] arguments) =>
        Task("command", new { argv = (string[])[Shell, "-c", script, "script", .. arguments] }, timeoutSeconds: timeoutSeconds);

    /// <summary>Takes the types that need nothing, unless the lines say which.</summary>
    public static IEnumerable<string> WithTypes(string[] lines) =>
        lines.Any(line => line.StartsWith("capabilities:", StringComparison.Ordinal)) ? lines : [.. lines, "capabilities: [command, archive, noop]"];

    public static AgentLog Silent { get; } = new(TextWriter.Null, TimeProvider.System);

    /// <summary>Options as a file with these lines would give them.</summary>
    public static AgentOptions Options(TestFolder folder, params string[] lines)
    {
        var problems = new Problems();
        var config = folder.Write("agent.yaml", string.Join('\n', lines.Any(l => l.StartsWith("service:", StringComparison.Ordinal)) ? lines : [.. lines, "service: http://127.0.0.1:1"]));
        var options = new OptionSources(config, new Dictionary<string, string>(), new Dictionary<Setting, string>()).Read(problems);
        Assert.Equal("", problems.ToString());
        return options!;
    }

    public static TaskMeans Means(AgentOptions options, WorkFolders folders, Func<string, string?>? variable = null) => new(
        folders, new UnfinishedArchives(Path.Combine(options.StateDirectory, "archives"), Silent), new ChildQuota(options.Quota, new CpuGroup(null, Silent), Silent),
        () => 1, TimeProvider.System, Silent, variable ?? (_ => null));

    /// <summary>What a tenant's agent with these lines reports for the task.</summary>
    public static async Task<TaskResult> ResultOfAsync(TestFolder folder, ClaimedTask task, string[] lines, Action<Attempt>? meanwhile = null, Func<string, string?>? variable = null, TimeProvider? time = null)
    {
        var options = Options(folder, [.. WithTypes(lines), "tenant: acme"]);
        var folders = new WorkFolders(options.WorkDirectory, Silent);
        folders.Clean();
        var types = TaskTypes.Of(options, Means(options, folders, variable));
        using var attempt = new Attempt(task);
        var running = new TaskRunner(types, TaskTypes.MarkerSuffix("agent"), time ?? TimeProvider.System).RunAsync(attempt);
        meanwhile?.Invoke(attempt);
        var result = await running;
        Assert.Empty(Directory.EnumerateFileSystemEntries(options.WorkDirectory));
        return result!;
    }
}
