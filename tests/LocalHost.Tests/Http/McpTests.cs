using System.Net;
using System.Text.Json.Nodes;
using Headgate.LocalHost.Http.Mcp;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace Headgate.LocalHost.Tests.Http;

/// <summary>The tools as a client of the protocol uses them.</summary>
public sealed class McpTests
{
    private static readonly string[] s_tools =
        ["explain_run", "explain_task", "list_runs", "list_tenants", "redrive_dead_letters", "show_alerts", "show_queues", "show_run", "submit_run"];

    private static readonly Dictionary<string, string?> s_mayWrite = new(StringComparer.Ordinal) { ["Headgate:Mcp:Write"] = "true" };

    [Fact]
    public async Task Tools_OfAnOperator_AnswerAsTheContractDoes()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");
        var run = await service.Client.SubmitAsync("acme");
        await using var client = await ConnectAsync(service, service.Server.OperatorKey.Text);

        var names = (await client.ListToolsAsync()).Select(tool => tool.Name).Where(name => name != "show_usage").Order(StringComparer.Ordinal);
        var tenants = await CallAsync(client, "list_tenants");
        var runs = await CallAsync(client, "list_runs", ("tenant", "acme"));
        var shown = await CallAsync(client, "show_run", ("tenant", "acme"), ("run", run.RunId));
        var explained = await CallAsync(client, "explain_run", ("tenant", "acme"), ("run", run.RunId));
        var task = await CallAsync(client, "explain_task", ("task", run.RunId + ".one"));
        var queues = await CallAsync(client, "show_queues");
        var alerts = await CallAsync(client, "show_alerts");

        Assert.Equal(s_tools, names);
        Assert.Equal("acme", (string?)Done(tenants)["items"]![0]!["id"]);
        Assert.Equal(run.RunId, (string?)Done(runs)["items"]![0]!["runId"]);
        Assert.Equal(run.RunId, (string?)Done(shown)["runId"]);
        Assert.NotEmpty(Done(explained)["causes"]!.AsArray());
        Assert.NotEmpty(Done(task)["causes"]!.AsArray());
        Assert.NotNull(Done(queues)["runs"]);
        Assert.NotEmpty(Done(alerts)["rules"]!.AsArray());
    }

    [Fact]
    public async Task Tools_OfAMember_StopWhereItsRoleDoes()
    {
        await using var service = await LocalService.StartAsync(settings: s_mayWrite);
        await service.Client.CreateTenantAsync("acme");
        await service.Client.CreateTenantAsync("other");
        var key = (string)(await service.Client.PostAsync("/tenants/acme/keys", new JsonObject { ["name"] = "reader", ["role"] = "viewer" })).Done["key"]!;
        await using var client = await ConnectAsync(service, key);

        Assert.Equal("insufficient-permission", Refused(await CallAsync(client, "submit_run", ("tenant", "acme"), ("run", Bodies.OneTask()), ("dryRun", false))));
        Assert.Equal("insufficient-permission", Refused(await CallAsync(client, "redrive_dead_letters", ("tenant", "acme"))));
        Assert.Equal("tenant-not-found", Refused(await CallAsync(client, "list_runs", ("tenant", "other"))));
        Assert.Equal("tenant-not-found", Refused(await CallAsync(client, "submit_run", ("tenant", "other"), ("run", Bodies.OneTask()))));
        Assert.Equal("insufficient-permission", Refused(await CallAsync(client, "list_tenants")));
        Assert.Empty(Done(await CallAsync(client, "list_runs", ("tenant", "acme")))["items"]!.AsArray());
    }

    [Fact]
    public async Task Write_WithoutTheSetting_IsRefusedAndADryRunIsNot()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");
        await using var client = await ConnectAsync(service, service.Server.OperatorKey.Text);

        Assert.Equal("read-only", Refused(await CallAsync(client, "submit_run", ("tenant", "acme"), ("run", Bodies.OneTask()), ("dryRun", false))));
        Assert.Equal("read-only", Refused(await CallAsync(client, "redrive_dead_letters", ("tenant", "acme"), ("dryRun", false))));
        Assert.True((bool?)Done(await CallAsync(client, "submit_run", ("tenant", "acme"), ("run", Bodies.OneTask())))["wouldSubmit"]);
        Assert.Equal(0, (int?)Done(await CallAsync(client, "redrive_dead_letters", ("tenant", "acme")))["matching"]);
        var bad = await CallAsync(client, "submit_run", ("tenant", "acme"), ("run", JsonNode.Parse("""{"name":"x","tasks":[{"name":"a"}],"color":1}""")));

        Assert.Equal(["color", "tasks[0].type"], JsonNode.Parse(Text(bad))!["details"]!.AsArray().Select(detail => (string)detail!["path"]!).Order(StringComparer.Ordinal));
        Assert.Empty((await service.Client.ReadAsync("/tenants/acme/runs")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Submit_WithTheSetting_MakesARunAndIsAudited()
    {
        await using var service = await LocalService.StartAsync(settings: s_mayWrite);
        await service.Client.CreateTenantAsync("acme");
        await using var client = await ConnectAsync(service, service.Server.OperatorKey.Text);

        var submitted = Done(await CallAsync(client, "submit_run", ("tenant", "acme"), ("run", Bodies.OneTask()), ("dryRun", false)));

        Assert.Equal((string?)submitted["runId"], (string?)(await service.Client.ReadAsync("/tenants/acme/runs")).Body!["items"]![0]!["runId"]);
        Assert.Equal("run.submitted", (string?)(await service.Client.ReadAsync("/tenants/acme/audit")).Body!["items"]![0]!["action"]);
    }

    [Theory]
    [InlineData("evil.example", null, 403, "host-not-allowed")]
    [InlineData("localhost", "http://evil.example", 403, "host-not-allowed")]
    [InlineData("localhost", "null", 403, "host-not-allowed")]
    [InlineData("localhost", "http://localhost:1", 401, "unauthenticated")]
    [InlineData("127.0.0.1", null, 401, "unauthenticated")]
    [InlineData("tools.example", "https://tools.example", 401, "unauthenticated")]
    public async Task Call_WithHostAndOrigin_IsTakenFromThisMachineAlone(string host, string? origin, int status, string code)
    {
        await using var service = await LocalService.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Headgate:Mcp:Hosts"] = "tools.example" });
        using var nobody = service.NewClient(null);
        (string, string)[] headers = origin is null ? [("Host", host)] : [("Host", host), ("Origin", origin)];

        var reply = await nobody.CallAsync("POST", McpEndpoint.Path, "{}", headers);

        Assert.Equal((status, code), ((int)reply.Status, reply.Code));
    }

    [Fact]
    public async Task Call_ByAnotherMethod_IsNotAllowed()
    {
        await using var service = await LocalService.StartAsync();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await service.Client.ReadAsync(McpEndpoint.Path)).Status);
    }

    private static async Task<McpClient> ConnectAsync(LocalService service, string key)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(service.Server.Address + McpEndpoint.Path),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = $"Bearer {key}" },
        });
        return await McpClient.CreateAsync(transport);
    }

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments) =>
        await client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal));

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private static JsonNode Done(CallToolResult result)
    {
        Assert.False(result.IsError == true, Text(result));
        return JsonNode.Parse(Text(result))!;
    }

    private static string? Refused(CallToolResult result)
    {
        Assert.True(result.IsError, Text(result));
        return (string?)JsonNode.Parse(Text(result))!["code"];
    }
}
