using System.Text.Json.Nodes;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Traces;

/// <summary>What a collector gets of a run that is tried again on another agent, with the service started anew between: one tree.</summary>
public sealed class RunTraceTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Spans_OfARunWithARetryOnAnotherAgentAfterARestart_AreOneTree()
    {
        await using var collector = await Collector.StartAsync();
        using var data = new TempFolder();
        var environment = Exporting(collector);
        string runId;
        var agents = new List<string>();
        await using (var service = await ServiceProcess.StartAsync(data.Path, environment: environment))
        {
            using var client = service.NewClient();
            await client.CreateTenantAsync("acme");
            _ = (await client.CallAsync("PUT", "/tenants/acme/policies/soon", """{"baseSeconds":0.05,"jitter":0}""")).Done;
            await using var one = await AgentProcess.StartAsync(service, client, "one", code: 7, environment);
            runId = (await client.SubmitAsync("acme", Work())).RunId;
            agents.Add(one.AgentId);
            await client.UntilAsync("acme", runId, run => run["tasks"]![0]!["attempts"]!.AsArray().Any(attempt => (string?)attempt!["outcome"] == "failure"));
            await one.StopAsync();
            await service.StopAsync();
        }

        await using (var service = await ServiceProcess.StartAsync(data.Path, environment: environment))
        {
            using var client = service.NewClient();
            await using var two = await AgentProcess.StartAsync(service, client, "two", code: 0, environment);
            Assert.Equal("completed", (string)(await client.EndAsync("acme", runId))["status"]!);
            agents.Add(two.AgentId);
            await two.StopAsync();
            await service.StopAsync();
        }

        var spans = TraceOf(collector, runId);
        TraceTree.IsOne(spans);
        Assert.Equal(agents.Order(StringComparer.Ordinal), spans.Where(span => span.Name == "process tasks").Select(span => span.Instance).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var parents = spans.ToDictionary(span => span.SpanId);
        foreach (var (name, kind, parent) in new[]
        {
            ("send runs", 4, "POST /tenants/{tenantId}/runs"),
            ("process runs", 5, "send runs"),
            ("create_orchestration:RunOrchestration", 4, "process runs"),
            ("activity:AdvanceRun", 1, "create_orchestration:RunOrchestration"),
            ("orchestration:RunOrchestration", 1, "send runs"),
            ("hand-out tasks", 4, "activity:AdvanceRun"),
            ("process tasks", 5, "hand-out tasks"),
            ("settle tasks", 3, "hand-out tasks"),
        })
        {
            var found = spans.Where(span => span.Name == name).ToList();
            Assert.NotEmpty(found);
            Assert.All(found, span => Assert.Equal((kind, parent), (span.Kind, parents[span.ParentId].Name)));
        }

        Assert.Equal(1, spans.Count(span => span.Name == "orchestration:RunOrchestration"));
        // One more may have been given back when the first agent was stopped.
        var outcomes = spans.Where(span => span.Name == "settle tasks").Select(span => span.Tags["headgate.attempt.outcome"]).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("failure", outcomes);
        Assert.Contains("success", outcomes);
    }

    [Fact]
    public async Task Spans_OfACallerWhoseTraceIsRecorded_GoOnFromIt()
    {
        await using var collector = await Collector.StartAsync();
        using var data = new TempFolder();
        var environment = Exporting(collector);
        JsonNode task;
        await using (var service = await ServiceProcess.StartAsync(data.Path, environment: environment))
        {
            using var client = service.NewClient();
            await client.CreateTenantAsync("acme");
            var agent = await Agent.RegisterAsync(client, key => HttpCalls.NewClient(service.Address, key), "one");
            var recorded = await client.CallAsync("POST", "/tenants/acme/runs", Bodies.OneTask().ToJsonString(), ("traceparent", Caller));
            task = await agent.ClaimOneAsync();
            await agent.ReportAsync(task);
            await client.EndAsync("acme", recorded.RunId);
            await client.CallAsync("POST", "/tenants/acme/runs", Bodies.OneTask().ToJsonString(), ("traceparent", Caller[..^1] + "0"));
            Assert.Null((await agent.ClaimOneAsync())["traceparent"]);
            await service.StopAsync();
        }

        var spans = collector.Spans().Where(span => span.TraceId == Caller.Split('-')[1]).ToList();
        var root = Assert.Single(spans, span => span.ParentId == Caller.Split('-')[2]);
        Assert.Equal("POST /tenants/{tenantId}/runs", root.Name);
        var handOut = Assert.Single(spans, span => span.Name == "hand-out tasks");
        Assert.Equal($"00-{handOut.TraceId}-{handOut.SpanId}-01", (string?)task["traceparent"]);
    }

    [Fact]
    public async Task Spans_OfARunAmongMorePollsThanAreRecorded_AreThereAndNoneOfThePolls()
    {
        await using var collector = await Collector.StartAsync();
        using var data = new TempFolder();
        string runId;
        await using (var service = await ServiceProcess.StartAsync(data.Path, environment: Exporting(collector)))
        {
            using var client = service.NewClient();
            await client.CreateTenantAsync("acme");
            var agent = await Agent.RegisterAsync(client, key => HttpCalls.NewClient(service.Address, key), "one");
            for (var i = 0; i < 10; i++)
                await Task.WhenAll(Enumerable.Range(0, 2 * NewTraceLimit.PerSecond).Select(_ => client.ReadAsync(i % 2 == 0 ? "/health" : "/ready")));
            await agent.BeatAsync();
            runId = (await client.SubmitAsync("acme")).RunId;
            await service.StopAsync();
        }

        Assert.Contains(TraceOf(collector, runId), span => span.Name == "POST /tenants/{tenantId}/runs");
        Assert.DoesNotContain(collector.Spans(), span => span.Name is "GET /health" or "GET /ready" || span.Name.EndsWith("/heartbeat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Traceparent_WhereNobodyListens_IsInNoRow()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");
        var agent = await Agent.RegisterAsync(service.Client, service.NewClient, "one");
        var recorded = await service.Client.CallAsync("POST", "/tenants/acme/runs", Bodies.OneTask().ToJsonString(), ("traceparent", Caller));
        var task = await agent.ClaimOneAsync();

        Assert.Null(task["traceparent"]);
        var tables = service.Server.Storage.Tables;
        var run = await tables.GetAsync(Table.Tenants, "acme", RowKeys.Run(recorded.RunId));
        var tasks = await tables.QueryAsync(new TableQuery(Table.Tasks, recorded.RunId));
        Assert.Null(run!.Columns.String("traceParent"));
        Assert.NotEmpty(tasks.Rows);
        Assert.All(tasks.Rows, row => Assert.DoesNotContain(row.Columns, column => column.Value is string text && text.Contains(Caller.Split('-')[1], StringComparison.Ordinal)));
    }

    private static JsonObject Work()
    {
        var task = Bodies.Task("one", type: "command", maxRetries: 20, policy: "soon");
        task["payload"] = new JsonObject { ["argv"] = new JsonArray("/bin/sh", "-c", "exit $CODE") };
        return Bodies.Run(task);
    }

    private static Dictionary<string, string> Exporting(Collector collector) => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["Headgate__Leases__Seconds"] = $"{LocalService.LeaseSeconds}",
    };

    private static List<Span> TraceOf(Collector collector, string runId)
    {
        var all = collector.Spans().ToList();
        var trace = Assert.Single(all, span => span.Name == "send runs" && span.Tags.GetValueOrDefault("headgate.run.id") == runId).TraceId;
        return all.FindAll(span => span.TraceId == trace);
    }
}
