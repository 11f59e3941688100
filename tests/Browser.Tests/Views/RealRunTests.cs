using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Views;

/// <summary>The project's own agent does what people see: its commands run, fail and are tried again.</summary>
public sealed class RealRunTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly string s_program = RepositoryFiles.At($"src/Agent/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/Headgate.Agent.dll");

    [BrowserFact]
    public async Task Run_OfAnAgentsCommands_EndsOnTheScreen()
    {
        await stage.Client.CreateTenantAsync("acme");
        var run = await stage.SubmitAsync("acme", "nightly", Command("look", "echo found; exit 0"), Command("check", "exit 3", "look"));
        await using var visit = await stage.SignedInAsync(place: $"tenants/acme/runs/{run}");
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Why it waits" }), "no agent");
        using var folder = new TempFolder();

        await using var agent = await StartAgentAsync(folder);

        await Visit.Reads(visit.Heading("nightly"), "failed");
        await Visit.Reads(visit.Row("look"), "completed");
        await visit.Row("check").GetByRole(AriaRole.Button).ClickAsync();
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Complementary), "exit code 3");
        await visit.PictureAsync("real-run", isWhole: true);
        await visit.HasNoComplaintsAsync();
    }

    private static JsonObject Command(string name, string script, params string[] needs)
    {
        var task = Bodies.Task(name, "command", maxRetries: 0, needs: needs);
        task["payload"] = new JsonObject { ["argv"] = new JsonArray("/bin/sh", "-c", script) };
        return task;
    }

    private async Task<ChildProcess> StartAgentAsync(TempFolder folder)
    {
        var registered = (await stage.Client.PostAsync(
            "/agents", new JsonObject { ["tenantId"] = "acme", ["name"] = "box-1", ["os"] = "linux", ["arch"] = "x64", ["version"] = "1", ["capabilities"] = new JsonArray("command") })).Done;
        await File.WriteAllTextAsync(
            folder["agent.yaml"],
            $$"""
            service: {{stage.Address}}
            agentId: {{(string)registered["agentId"]!}}
            tenant: acme
            heartbeatSeconds: 1
            capabilities: [command]
            allowedPrograms: [/bin/sh]
            environment: { set: { PATH: /usr/bin:/bin } }
            """);
        return ChildProcess.Start("dotnet", [s_program, "run", "--config", folder["agent.yaml"]], [KeyValuePair.Create("HEADGATE_AGENT_KEY", (string)registered["key"]!)]);
    }
}
