using System.Text.Json.Nodes;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Telemetry;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Firing.Language;
using Headgate.Infrastructure.Tests.Kusto;
using Headgate.Infrastructure.Tests.Rules;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Headgate.Infrastructure.Tests.Firing.Telemetry;

/// <summary>The rows that the cases are made of are those that the app's real exporter sends.</summary>
[Collection(OneMeter)]
public sealed class TelemetryTests
{
    /// <summary>Tests of one process at a time: the real exporter takes whatever a meter of the app's name in this process measures.</summary>
    public const string OneMeter = "the app's meter";

    private static readonly Lazy<Task<IReadOnlyList<MetricPoint>>> s_sent = new(RunAsync);

    [Fact]
    public async Task Export_OfWhatWasMeasured_IsThatOfTheRealExporter()
    {
        await using var collector = await Collector.StartAsync();
        var clock = new ManualClock();
        using var process = new AppProcess("one", clock, services => services.AddTelemetryExport(new ConfigurationBuilder().AddInMemoryCollection(To(collector)).Build()));
        var exporter = process.Services.GetRequiredService<MeterProvider>();
        var seen = 0;

        IReadOnlyList<MetricPoint> Sent()
        {
            Assert.True(exporter.ForceFlush());
            MetricPoint[] all = [.. MetricPoint.Read(collector.SentTo("/v2.1/track")).Where(point => point.Name.StartsWith("headgate.", StringComparison.Ordinal))];
            var sent = all[seen..];
            seen = all.Length;
            return sent;
        }

        process.Measure(new("gauge", new() { ["state"] = "offline" }, Instruments.Agents), 7, others: 2);
        foreach (var seconds in (int[])[1, 3, 2])
            process.Metrics.AttemptSettled("work", "failure", "auth", "failed", TimeSpan.FromSeconds(seconds));
        process.Metrics.Submitted("concurrency-limit", "pro");
        process.Metrics.LedgerCorrected(4);
        var first = Sent();
        Assert.Equal(Ordered(process.Export()), Ordered(first));
        Assert.Equal(22 + 5, first.Count);

        process.Metrics.LedgerCorrected(2);
        var second = Sent();
        Assert.Equal(Ordered(process.Export()), Ordered(second));
        Assert.Equal(["headgate.ledger.drift 2"], second.Where(point => !AppSeries.Gauges.ContainsKey(point.Name)).Select(point => $"{point}"));

        clock.Advance(Gauges.Fresh);
        Assert.Empty(Sent());
        Assert.Empty(process.Export());
    }

    [Fact]
    public async Task Gauges_OfTheRunningApp_AreThoseOfTheCases()
    {
        var gauges = (await s_sent.Value).Where(point => AppSeries.Gauges.ContainsKey(point.Name)).Select(point => $"{point.Name} {point.Labels}").Distinct(StringComparer.Ordinal);

        Assert.Equal(AppSeries.Gauges.SelectMany(gauge => gauge.Value.Select(labels => $"{gauge.Key} {labels}")).Order(StringComparer.Ordinal), gauges.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Series_OfEachQuery_AreAmongThoseOfTheRunningApp()
    {
        var now = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var tables = new Dictionary<string, IReadOnlyList<Row>>(StringComparer.Ordinal)
        {
            ["customMetrics"] = [.. (await s_sent.Value).Select(point => point.At(now, "one"))],
        };
        NamedQuery[] series = [.. (await Compiled.DeploymentAsync("main")).All("Microsoft.Insights/scheduledQueryRules")
            .Select(rule => new NamedQuery(rule.Name, rule["properties.criteria.allOf.0.query"]!.Split("\n| where timestamp")[0]))
            .Where(query => query.Query.StartsWith("customMetrics", StringComparison.Ordinal))];
        var trees = await KustoService.TreesAsync(series);

        Assert.Equal(18, series.Length);
        Assert.All(series, query => Assert.NotEmpty(new Query(trees[query.Name]).Answer(tables, now)));
    }

    [Fact]
    public async Task Workbook_EachQuery_HasRowsOfTheRunningApp()
    {
        var queries = WorkbookQueries.In(Sources.Text("workbook.json"));
        var trees = await KustoService.TreesAsync(queries);
        using var site = new Site { Delay = TimeSpan.Zero };
        site.Called("202", 1500);
        site.Called("0", 9000, http: false);
        var tables = site.Tables(site.Now, TimeSpan.FromHours(1), QueryAlert.TablesOfComponent).ToDictionary(StringComparer.Ordinal);
        tables["customMetrics"] = [.. (await s_sent.Value).Select(point => point.At(site.Now, "one"))];

        IReadOnlyList<Row> Answer(string chart) => new Query(trees[$"workbook, {chart}"]).Answer(tables, site.Now);

        Assert.Equal(15, queries.Count);
        Assert.All(trees.Values, tree => Assert.NotEmpty(new Query(tree).Answer(tables, site.Now)));
        Assert.Equal(["draining", "late", "offline", "online", "quarantined"], Answer("Agents by state").Select(row => (string)row["state"]!).Order(StringComparer.Ordinal));
        Assert.Equal([2.0, 2.0], Answer("Submissions by outcome").Select(row => (double)row["sum_valueSum"]!));
        Assert.Equal(1.5, Answer("95th percentile of requests, seconds").Single().Values.OfType<double>().Single());
    }

    /// <summary>The whole service refuses a run at the cap, and has one attempt retried and one fail for its credentials.</summary>
    private static async Task<IReadOnlyList<MetricPoint>> RunAsync()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await LocalService.StartAsync(settings: To(collector)))
        {
            foreach (var tenant in (string[])["one", "two"])
            {
                await service.Client.CreateTenantAsync(tenant, limits: new JsonObject { ["maxConcurrentRuns"] = 1 });
                Assert.Null((await service.Client.SubmitAsync(tenant)).Code);
                Assert.Equal("concurrency-limit", (await service.Client.SubmitAsync(tenant)).Code);
            }

            var agent = await Agent.RegisterAsync(service.Client, service.NewClient, "agent");
            foreach (var category in (string[])["network", "auth"])
            {
                var result = Agent.Result(await agent.ClaimOneAsync(), "failure");
                result["errorCategory"] = category;
                Assert.Equal(200, (int)(await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result)).Status);
            }

            var services = service.Server.Services;
            services.GetRequiredService<Metrics>().LedgerCorrected(1);
            services.GetRequiredService<Metrics>().AgentContended();
            await services.GetRequiredService<Measurements>().RunAsync(CancellationToken.None);
            await services.GetRequiredService<RunRepair>().RunAsync(services.GetRequiredService<DurableTaskClient>(), CancellationToken.None);
        }

        return MetricPoint.Read(collector.SentTo("/v2.1/track"));
    }

    private static Dictionary<string, string?> To(Collector collector) => new(StringComparer.Ordinal)
    {
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={collector.Address}/",
    };

    private static IEnumerable<MetricPoint> Ordered(IEnumerable<MetricPoint> points) =>
        points.OrderBy(point => point.Name, StringComparer.Ordinal).ThenBy(point => point.Labels, StringComparer.Ordinal);
}
