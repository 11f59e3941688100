using System.Text.Json.Nodes;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Traces;

/// <summary>The built agent as a process of its own, whose commands end with a code of its own.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    // Built as the tests are: Debug or Release.
    private static readonly string s_program = RepositoryFiles.At($"src/Agent/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/Headgate.Agent.dll");

    private readonly TempFolder _folder = new();
    private readonly ChildProcess _process;

    private AgentProcess(string agentId, string service, string key, int code, Dictionary<string, string> environment)
    {
        AgentId = agentId;
        var config = Path.Combine(_folder.Path, "agent.yaml");
        File.WriteAllText(
            config,
            $$"""
            service: {{service}}
            agentId: {{agentId}}
            tenant: acme
            heartbeatSeconds: 1
            capabilities: [command]
            allowedPrograms: [/bin/sh]
            environment: { set: { PATH: /usr/bin:/bin, CODE: "{{code}}" } }
            """);
        _process = ChildProcess.Start(
            "dotnet", [s_program, "run", "--config", config], [.. environment, KeyValuePair.Create("HEADGATE_AGENT_KEY", key)]);
    }

    public string AgentId { get; }

    /// <summary>Registers it with the tenant <c>acme</c>.</summary>
    public static async Task<AgentProcess> StartAsync(ServiceProcess service, HttpClient client, string name, int code, Dictionary<string, string> environment)
    {
        var registered = (await client.PostAsync(
            "/agents", new JsonObject { ["tenantId"] = "acme", ["name"] = name, ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray("command") })).Done;
        return new AgentProcess((string)registered["agentId"]!, service.Address, (string)registered["key"]!, code, environment);
    }

    /// <summary>SIGTERM: it reports what it has done and ends.</summary>
    public async Task StopAsync()
    {
        await _process.SignalAsync("TERM");
        Assert.True(await _process.EndedAsync() == 0, string.Join('\n', _process.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
