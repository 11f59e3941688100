using System.Net;
using System.Text.Json.Nodes;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Telemetry;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Tests.Telemetry;

/// <summary>A service in which everything has happened once that is counted where one process is alone, and what it then says at <c>/metrics</c>.</summary>
public sealed class MetricsGround : IAsyncLifetime
{
    public const string ScrapeKey = "scrape-0123456789abcdef0123456789";

    private LocalService? _service;

    public LocalService Service => _service ?? throw new InvalidOperationException("It has not been started.");

    public string Text { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _service = await LocalService.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["HEADGATE_SCRAPE_KEY"] = ScrapeKey });
        var client = Service.Client;
        await client.CreateTenantAsync("acme", limits: new JsonObject { ["maxConcurrentRuns"] = 3 });
        await client.CreateTenantAsync("spent", limits: new JsonObject { ["maxMonthlyRuns"] = 1 });
        var agent = await Agent.RegisterAsync(client, Service.NewClient, "one", maxConcurrentTasks: 2, tenant: "acme");
        await agent.BeatAsync();
        await WorkAsync(agent, Bodies.Run(Bodies.Task("one")), "success");
        await WorkAsync(agent, Bodies.Run(Bodies.Task("one", maxRetries: 0)), "failure");
        await client.SubmitAsync("spent");
        await client.SubmitAsync("spent");
        for (var i = 0; i < 4; i++)
            await client.SubmitAsync("acme", Bodies.Run(Bodies.Task("one", maxRetries: 5)));
        var task = await agent.ClaimOneAsync();
        await agent.ReportAsync(task, "failure", "connection refused");
        await agent.ClaimSomeAsync(2);
        await agent.ClaimAsync();
        var metrics = Service.Server.Services.GetRequiredService<Metrics>();
        metrics.LeasesLost(1);
        metrics.LedgerCorrected(1);
        metrics.AgentContended();
        metrics.ResourceMoved("open");
        metrics.StartEstimated(1);
        metrics.WouldHaveRefused("concurrency-limit", "pro");
        await Service.Server.Services.GetRequiredService<RunRepair>().RunAsync(Service.Server.Services.GetRequiredService<Microsoft.DurableTask.Client.DurableTaskClient>(), CancellationToken.None);
        await Service.Server.Services.GetRequiredService<Measurements>().RunAsync(CancellationToken.None);
        await Service.Server.Services.GetRequiredService<ObjectiveRound>().RunAsync(CancellationToken.None);
        GC.Collect();
        Text = await ScrapeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
    }

    /// <summary>As Prometheus asks, with the scrape key.</summary>
    public async Task<string> ScrapeAsync()
    {
        using var scraper = Service.NewClient(ScrapeKey);
        using var answer = await scraper.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task WorkAsync(Agent agent, JsonObject run, string status)
    {
        var runId = (await Service.Client.SubmitAsync("acme", run)).RunId;
        await agent.ReportAsync(await agent.ClaimOneAsync(), status);
        await Service.Client.EndAsync("acme", runId);
    }
}
