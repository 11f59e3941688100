namespace Headgate.Demo;

/// <summary>The configuration an agent's owner would write: which programs and folders tasks may touch.</summary>
internal static class AgentConfig
{
    /// <returns>The file's path.</returns>
    public static string Write(Stage stage, string name)
    {
        var home = Path.Combine(stage.Folder, name);
        Directory.CreateDirectory(home);
        var file = Path.Combine(home, "agent.yaml");
        File.WriteAllText(file, $"""
            service: {stage.Api.Address}
            name: {name}
            capabilities:
              command: {Braced("shared: true")}
              archive: {Braced("shared: true")}
            limits:
              maxConcurrentTasks: 3
            allowedPrograms:
            {Lines([.. Scripts.SystemPrograms, .. stage.Scripts.All])}
            allowedPaths:
            {Lines([Programs.Repository.FullName, stage.Work])}
            environment:
              pass: [PATH]
            stateDirectory: {home}/state
            keyFile: {home}/agent.key
            workDirectory: {home}/tasks
            heartbeatSeconds: 1
            claimWaitSeconds: 10
            stopGraceSeconds: 1
            """);
        return file;
    }

    private static string Braced(string content) => "{ " + content + " }";

    private static string Lines(IEnumerable<string> items) => string.Join(Environment.NewLine, items.Select(item => $"  - {item}"));
}
