using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.Functions.Telemetry;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Tests.Telemetry;

public sealed partial class LogTests
{
    private const string Secret = "hunter2-must-not-be-told";

    [Fact]
    public async Task Lines_OfRunsWithSecrets_TellWhatHappenedAndNoSecret()
    {
        var log = new Capture();
        await using var service = await LocalService.StartAsync(configure: services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
            services.Configure<LoggerFilterOptions>(filter =>
            {
                filter.MinLevel = LogLevel.Trace;
                filter.Rules.Clear();
            });
        });
        await service.Client.CreateTenantAsync("acme", limits: new JsonObject { ["maxConcurrentRuns"] = 1 });
        _ = (await service.Client.CallAsync("PUT", "/tenants/acme/policies/soon", """{"baseSeconds":0.05,"jitter":0}""")).Done;
        var key = (string)(await service.Client.PostAsync("/tenants/acme/keys", new JsonObject { ["name"] = "k", ["role"] = "owner" })).Body!["key"]!;
        using var owner = service.NewClient(key);
        var agent = await Agent.RegisterAsync(service.Client, service.NewClient, "one", maxConcurrentTasks: 1);

        var failing = (await owner.SubmitAsync("acme", Run(maxRetries: 1))).RunId;
        var first = await agent.ClaimOneAsync();
        await agent.ClaimAsync();
        await FailAsync(agent, first);
        await owner.SubmitAsync("acme", Run(maxRetries: 1));
        await FailAsync(agent, await agent.ClaimOneAsync());
        await owner.EndAsync("acme", failing);
        var done = (await owner.SubmitAsync("acme", Run(maxRetries: 0))).RunId;
        var task = await agent.ClaimOneAsync();
        var result = Agent.Result(task);
        result["output"] = new JsonObject { ["password"] = Secret };
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result);
        await owner.EndAsync("acme", done);

        // The run is told as ended before its end is logged.
        await log.RunsEnded(2).WaitAsync(Patience.Limit);
        Assert.All(log.Lines, line =>
        {
            Assert.DoesNotContain(Secret, line.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(key.Split('_')[2], line.Text, StringComparison.Ordinal);
        });
        var ids = log.Lines.Where(line => line.Category.StartsWith("Headgate", StringComparison.Ordinal)).Select(line => line.Id).ToHashSet();
        Assert.Empty(new[] { 1210, 1211, 1213, 1220, 1221, 1320, 1321 }.Except(ids));
    }

    [Fact]
    public void Table_OfTheDocument_IsTheEventsOfTheApp() =>
        Assert.Equal(
            typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Select(method => (method.Name, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
                .Where(found => found.Event is not null)
                .Select(found => $"{found.Event!.EventId} {found.Name} {found.Event.Level}")
                .Order(StringComparer.Ordinal),
            Row().Matches(RepositoryFiles.Read("docs/telemetry.md")).Select(row => $"{row.Groups["id"].Value} {row.Groups["name"].Value} {row.Groups["level"].Value}").Order(StringComparer.Ordinal));

    [Fact]
    public void Ids_OfEvents_AreEachUsedOnce()
    {
        var ids = typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>().ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static JsonObject Run(int maxRetries)
    {
        var task = Bodies.Task("one", maxRetries: maxRetries, policy: "soon");
        task["payload"] = new JsonObject { ["password"] = Secret };
        var run = Bodies.Run(task);
        run["metadata"] = new JsonObject { ["token"] = Secret };
        return run;
    }

    private static async Task FailAsync(Agent agent, JsonNode task)
    {
        var result = Agent.Result(task, "failure", $"connection refused with {Secret}");
        result["log"] = $"the password is {Secret}";
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result);
    }

    [GeneratedRegex(@"^\| (?<id>1\d{3}) \| `(?<name>\w+)` \| (?<level>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    /// <summary>Keeps every line, whatever its level.</summary>
    private sealed class Capture : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, int Id, string Text)> _lines = new();
        private readonly SemaphoreSlim _ended = new(0);

        public IReadOnlyCollection<(string Category, int Id, string Text)> Lines => _lines;

        /// <summary>Completes when so many runs were logged as ended.</summary>
        public async Task RunsEnded(int runs)
        {
            for (var ended = 0; ended < runs; ended++)
                await _ended.WaitAsync();
        }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Capture capture, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                capture._lines.Enqueue((category, eventId.Id, $"{formatter(state, exception)} {exception}"));
                if (eventId.Id == 1213)
                    capture._ended.Release();
            }
        }
    }
}
