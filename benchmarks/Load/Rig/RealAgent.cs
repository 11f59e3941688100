using System.Text.Json;
using Headgate.Load.Wire;

namespace Headgate.Load.Rig;

/// <summary>The built agent, in processes of its own that follow one another with the same identity; its tasks are <c>sleep</c>.</summary>
internal sealed class RealAgent : IDisposable
{
    private const string Sleep = "/usr/bin/sleep";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Headgate.Agent.dll");
    private static readonly Dictionary<string, string> NoVariables = new(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder;
    private readonly string _config;
    private ChildProcess? _process;

    /// <summary>Registers it; it does not run yet.</summary>
    public RealAgent(ServiceUnderLoad service, LoadOptions options, string name, int slots)
    {
        _folder = new(options.Data);
        _config = Path.Combine(_folder.Path, "agent.yaml");
        File.WriteAllText(_config, $$"""
            service: http://{{service.Address}}
            name: {{name}}
            capabilities: { command: { shared: true } }
            limits: { maxConcurrentTasks: {{slots}} }
            allowedPrograms: [{{Sleep}}]
            stateDirectory: {{_folder.Path}}/state
            keyFile: {{_folder.Path}}/agent.key
            workDirectory: {{_folder.Path}}/work
            stopGraceSeconds: 0
            """);
        var key = new Dictionary<string, string>(StringComparer.Ordinal) { ["HEADGATE_AGENT_OPERATOR_KEY"] = service.OperatorKey };
        using (var register = ChildProcess.Start(Program, ["register", "--config", _config], key, awaited: false))
        {
            if (register.WaitForExit() != 0)
                throw new InvalidOperationException($"The agent could not register:{Environment.NewLine}{register.Printed}");
        }

        Ground.SetSlots(service, File.ReadAllText(Path.Combine(_folder.Path, "state", "agent.id")).Trim(), slots);
    }

    /// <summary>A run of one task that sleeps.</summary>
    public static byte[] Submission(Tenant tenant, int seconds)
    {
        var payload = JsonSerializer.SerializeToElement(new SleepPayload([Sleep, $"{seconds}"]), SubmissionJson.Default.SleepPayload);
        var body = new SubmissionBody("sleep", [new SubmittedTask("sleep", "command", null, payload)]);
        return RequestBytes.Post($"/tenants/{tenant.Id}/runs", tenant.Key, JsonSerializer.SerializeToUtf8Bytes(body, SubmissionJson.Default.SubmissionBody));
    }

    /// <returns>The process id.</returns>
    public int Start()
    {
        _process = ChildProcess.Start(Program, ["run", "--config", _config], NoVariables, awaited: false);
        return _process.Id;
    }

    /// <summary>SIGKILL: it reports nothing, and its children go on for now.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops it in order, so that its children end with it.</summary>
    public void Dispose()
    {
        if (_process is { HasExited: false } running)
            running.Stop();
        Kill();
        _folder.Dispose();
    }
}
