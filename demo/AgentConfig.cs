namespace Headgate.Demo;

/// <summary>The configuration an agent's owner would write: which programs and folders tasks may touch.</summary>
internal static class AgentConfig
{
    /// <summary>The repository of backups, as tasks name it.</summary>
    public const string Vault = "vault";

    /// <summary>Of an agent that runs commands and makes archives.</summary>
    /// <returns>The file's path.</returns>
    public static string Write(Stage stage, string name) => Write(stage, name, $"""
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
        """);

    /// <summary>Of an agent that backs up and restores with restic.</summary>
    /// <returns>The file's path.</returns>
    public static string WriteKeeper(Stage stage, string name, string passwordFile) => Write(stage, name, $"""
        capabilities:
          backup: {Braced("shared: true")}
          restore: {Braced("shared: true")}
        allowedPaths:
        {Lines([stage.Work])}
        resticProgram: {Programs.Restic}
        repositories:
          {Vault}: {Braced($"url: {stage.Vault}, passwordFile: {passwordFile}")}
        """);

    private static string Write(Stage stage, string name, string work)
    {
        var home = Path.Combine(stage.Folder, name);
        Directory.CreateDirectory(home);
        var file = Path.Combine(home, "agent.yaml");
        File.WriteAllText(file, $"""
            service: {stage.Api.Address}
            name: {name}
            stateDirectory: {home}/state
            keyFile: {home}/agent.key
            workDirectory: {home}/tasks
            heartbeatSeconds: 1
            claimWaitSeconds: 10
            stopGraceSeconds: 1
            {work}
            """);
        return file;
    }

    private static string Braced(string content) => "{ " + content + " }";

    private static string Lines(IEnumerable<string> items) => string.Join(Environment.NewLine, items.Select(item => $"  - {item}"));
}
