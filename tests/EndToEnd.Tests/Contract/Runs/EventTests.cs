using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Runs;

/// <summary>What <c>GET …/events</c> tells, read by a parser that is not ours.</summary>
public class EventTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task RunEvents_OfARunThatCompletes_TellEachStepAndEnd()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a"), Bodies.Task("b", needs: "a")))).RunId;
        await using var stream = await OpenAsync(ground.Client, $"/tenants/{tenant}/runs/{run}/events");

        await stream.UntilAsync("run", view => (string?)view["runId"] == run);
        await CompleteOneAsync(agent);
        await stream.UntilAsync("task", view => (string?)view["name"] == "a" && (string?)view["status"] == "completed");
        await CompleteOneAsync(agent);
        await stream.UntilAsync("run", view => (string?)view["status"] == "completed");

        Assert.True(await stream.HasEndedAsync());
        Assert.All(stream.Of("run"), view => Assert.Null(view["tasks"]));
        Assert.Equal("completed", (string?)stream.Of("task").Last(view => (string?)view["name"] == "b")["status"]);
        Assert.Equal(run, (string?)stream.Of("task")[0]["runId"]);
    }

    [SuiteFact]
    public async Task RunEvents_AgainWithTheLastId_TellNothingTwice()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a")))).RunId;
        var path = $"/tenants/{tenant}/runs/{run}/events";
        await CompleteOneAsync(agent);
        await ground.Client.EndAsync(tenant, run);
        string? last;
        await using (var stream = await OpenAsync(ground.Client, path))
        {
            Assert.True(await stream.HasEndedAsync());
            Assert.Equal("completed", (string?)stream.Of("run").Single()["status"]);
            last = stream.LastId;
        }

        Assert.Equal(HttpStatusCode.NoContent, (await ground.Client.CallAsync("GET", path, null, ("Last-Event-ID", last!))).Status);
        var other = await ground.Client.CallAsync("GET", path, null, ("Last-Event-ID", "0123456789abcdef"));
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Contains($"id: {last}\n", await other.Message.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task TenantEvents_AsARunComesAndGoes_TellTheTenantItsRunsAndTasks()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        await using var stream = await OpenAsync(ground.Client, $"/tenants/{tenant}/events");
        await stream.UntilAsync("tenant", view => (int)view["inFlight"]! == 0);

        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a")))).RunId;
        await stream.UntilAsync("tenant", view => (int)view["inFlight"]! == 1);
        await stream.UntilAsync("run", view => (string?)view["runId"] == run);
        await CompleteOneAsync(agent);
        await stream.UntilAsync("run", view => (string?)view["runId"] == run && (string?)view["status"] == "completed");
        await stream.UntilAsync("tenant", view => (int)view["inFlight"]! == 0);

        Assert.Contains(stream.Of("task"), view => (string?)view["runId"] == run && (string?)view["status"] == "completed");
        Assert.All(stream.Of("run"), view => Assert.Equal(tenant, (string?)view["tenantId"]));
    }

    [SuiteFact]
    public async Task TenantEvents_WhileTheCallerWasAway_TellWhatEndedMeanwhile()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var path = $"/tenants/{tenant}/events";
        var run = (await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a")))).RunId;
        string? last;
        await using (var stream = await OpenAsync(ground.Client, path))
        {
            await stream.UntilAsync("run", view => (string?)view["runId"] == run);
            last = stream.LastId;
        }

        await CompleteOneAsync(agent);
        await ground.Client.EndAsync(tenant, run);
        await using var again = await OpenAsync(ground.Client, path, last);

        await again.UntilAsync("run", view => (string?)view["runId"] == run && (string?)view["status"] == "completed");
    }

    [SuiteFact]
    public async Task Events_OfMoreThanEightStreams_AreRefusedUntilOneEnds()
    {
        var tenant = await ground.TenantAsync();
        using var viewer = await ground.MemberAsync(tenant, "viewer");
        var path = $"/tenants/{tenant}/events";
        var open = new List<EventReader>();
        for (var i = 0; i < 8; i++)
            open.Add(await OpenAsync(viewer, path));

        var ninth = await viewer.ReadAsync(path);
        Assert.Equal((HttpStatusCode.TooManyRequests, "too-many-streams"), (ninth.Status, ninth.Code));
        Assert.Equal("5", ninth.Header("Retry-After"));
        foreach (var stream in open)
            await stream.DisposeAsync();

        using var late = new CancellationTokenSource(Patience.Limit);
        EventReader? later;
        while ((later = await TryOpenAsync(viewer, path)) is null)
            Assert.False(late.IsCancellationRequested, "No place came free.");
        await later.DisposeAsync();
    }

    [SuiteFact]
    public async Task Events_WhenTheKeyIsRevoked_End()
    {
        var tenant = await ground.TenantAsync();
        var key = (await ground.Client.PostAsync($"/tenants/{tenant}/keys", new JsonObject { ["name"] = "k", ["role"] = "viewer" })).Done;
        using var viewer = ground.NewClient((string)key["key"]!);
        await using var stream = await OpenAsync(viewer, $"/tenants/{tenant}/events");
        await stream.UntilAsync("tenant", _ => true);

        Assert.Equal(HttpStatusCode.NoContent, (await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/keys/{(string)key["keyId"]!}")).Status);

        Assert.True(await stream.HasEndedAsync());
    }

    [SuiteFact]
    public async Task Events_AskedForWithHead_AreAnsweredWithoutBodyAndEnd()
    {
        var tenant = await ground.TenantAsync();

        var head = await ground.Client.CallAsync("HEAD", $"/tenants/{tenant}/events");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream; charset=utf-8"), (head.Status, head.Header("Content-Type")));
        Assert.Empty(await head.Message.Content.ReadAsByteArrayAsync());
    }

    [SuiteFact]
    public async Task Events_OfAnotherTenantOrOfNothing_AreNotFound()
    {
        var (mine, others) = (await ground.TenantAsync(), await ground.TenantAsync());
        var run = (await ground.Client.SubmitAsync(others)).RunId;
        using var viewer = await ground.MemberAsync(mine, "viewer");

        Assert.Equal("tenant-not-found", (await viewer.ReadAsync($"/tenants/{others}/events")).Code);
        Assert.Equal("run-not-found", (await viewer.ReadAsync($"/tenants/{mine}/runs/{run}/events")).Code);
        Assert.Equal("tenant-not-found", (await ground.Client.ReadAsync("/tenants/nobody-here/events")).Code);
    }

    private static async Task CompleteOneAsync(Agent agent) => Assert.Equal("completed", await agent.OutcomeAsync(await agent.ClaimOneAsync()));

    private static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastId = null)
    {
        var stream = await TryOpenAsync(client, path, lastId);
        Assert.NotNull(stream);
        return stream;
    }

    private static async Task<EventReader?> TryOpenAsync(HttpClient client, string path, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            response.Dispose();
            return null;
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    private sealed class EventReader(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _late = new(Patience.Limit);
        private readonly List<(string Kind, JsonNode View)> _events = [];
        private readonly Dictionary<(string Kind, string Id), JsonNode> _latest = [];
        private IAsyncEnumerator<SseItem<string>>? _items;

        public string? LastId { get; private set; }

        public List<JsonNode> Of(string kind) => [.. _events.Where(told => told.Kind == kind).Select(told => told.View)];

        /// <summary>Until something of the kind is as wanted, in the last that was told of it.</summary>
        public async Task UntilAsync(string kind, Func<JsonNode, bool> wanted)
        {
            while (!_latest.Any(told => told.Key.Kind == kind && wanted(told.Value)))
                Assert.True(await MoveAsync(), $"The stream ended before the {kind} that was waited for; it told {string.Join('\n', _events)}");
        }

        public async Task<bool> HasEndedAsync()
        {
            while (await MoveAsync())
            {
                // What comes before the end is kept for the test to look at.
            }

            return true;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await body.DisposeAsync();
            _late.Dispose();
        }

        private async Task<bool> MoveAsync()
        {
            _items ??= SseParser.Create(body).EnumerateAsync(_late.Token).GetAsyncEnumerator(_late.Token);
            if (!await _items.MoveNextAsync())
                return false;
            var (kind, view) = (_items.Current.EventType, JsonNode.Parse(_items.Current.Data)!);
            _events.Add((kind, view));
            _latest[(kind, (string?)view["taskId"] ?? (string?)view["runId"] ?? (string)view["id"]!)] = view;
            LastId = _items.Current.EventId ?? LastId;
            return true;
        }
    }
}
