using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.EndToEnd.Tests;

/// <summary>What is counted of retries, failures and limits, moved by real calls.</summary>
public class CounterTests
{
    [Fact]
    public async Task Counters_OfRetriesFailuresAndLimits_AllMove()
    {
        await using var ground = await Ground.StartAsync(plan: "enterprise");
        using var seen = new Seen(ground.Service.Server.Services.GetRequiredService<IMeterFactory>());
        var agent = await ground.AgentAsync(maxConcurrentTasks: 1);
        foreach (var (message, retries) in new[] { ("connection refused", 3), ("repository is already locked", 3), ("permission denied", 3), ("repository not found", 3), ("connection refused", 0) })
        {
            var run = (await ground.Client.SubmitAsync(Ground.Tenant, RunKit.With($$"""{"maxRetries":{{retries}}}"""))).RunId;
            JsonNode task;
            while ((string)(task = await agent.ClaimOneAsync())["runId"]! != run)
                await agent.OutcomeAsync(task);
            await agent.OutcomeAsync(task, "failure", message);
        }

        await ground.Client.SubmitAsync(Ground.Tenant);
        await agent.ClaimOneAsync();
        Assert.Empty(await agent.ClaimAsync());
        foreach (var (limits, code) in new[] { ("""{"maxConcurrentRuns":0}""", "concurrency-limit"), ("""{"maxMonthlyRuns":0}""", "monthly-limit") })
        {
            await ground.Client.CreateTenantAsync(code, "pro", JsonNode.Parse(limits));
            Refused.With(429, code, await ground.Client.PostAsync($"/tenants/{code}/runs", Bodies.OneTask()));
        }

        (string What, string[] Series)[] counters =
        [
            ("tasks retried", ["headgate.retries category=network", "headgate.retries category=resource"]),
            ("backoffs begun", ["headgate.backoffs category=network", "headgate.backoffs category=resource"]),
            ("permanent failures", ["headgate.attempts category=auth outcome=failure type=noop", "headgate.attempts category=permanent outcome=failure type=noop"]),
            ("tasks exhausted", ["headgate.tasks.exhausted"]),
            ("concurrency limits reached", ["headgate.concurrency_limit_reached scope=agent", "headgate.concurrency_limit_reached scope=tenant"]),
            ("quotas exceeded", ["headgate.quota_exceeded scope=tenant"]),
            ("network errors", ["headgate.attempts category=network outcome=failure type=noop"]),
            ("resource errors", ["headgate.attempts category=resource outcome=failure type=noop"]),
            ("auth errors", ["headgate.attempts category=auth outcome=failure type=noop"]),
            ("permanent errors", ["headgate.attempts category=permanent outcome=failure type=noop"]),
        ];
        Assert.Equal([], counters.SelectMany(counter => counter.Series.Where(series => seen.Count(series) < 1).Select(series => $"{counter.What}: {series}")));
    }

    [Fact]
    public async Task Durations_OfCallsThatWaitByTheirCallersWish_AreLeftOut()
    {
        await using var ground = await Ground.StartAsync(plan: "enterprise");
        var factory = ground.Service.Server.Services.GetRequiredService<IMeterFactory>();
        var posts = new ConcurrentQueue<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "http.server.request.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, labels, _) =>
        {
            if (labels.ToArray().Any(label => label is { Key: "http.request.method", Value: "POST" }))
                posts.Enqueue(0);
        });
        listener.Start();

        var waiting = await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/runs", Bodies.OneTask().ToJsonString(), ("Prefer", "wait=5"));
        Assert.Equal("wait=5", waiting.Header("Preference-Applied"));
        _ = (await ground.Client.SubmitAsync(Ground.Tenant)).Done;

        using var limit = new CancellationTokenSource(Patience.Limit);
        while (posts.IsEmpty)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Single(posts);
    }

    private sealed class Seen : IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();

        public Seen(IMeterFactory factory)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                var labels = tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
                _counts.AddOrUpdate(instrument.Name + string.Concat(labels), value, (_, sum) => sum + value);
            });
            _listener.Start();
        }

        public long Count(string series) => _counts.GetValueOrDefault(series);

        public void Dispose() => _listener.Dispose();
    }
}
