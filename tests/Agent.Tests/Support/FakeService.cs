using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Agent.Tests.Support;

/// <summary>Speaks the agents' part of the contract, does what the test tells it, and remembers everything.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    public const string Key = "hg_agent_key";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ClaimedTask> _ready = new();
    private readonly Agent.Attempts.Signal _work = new();

    private FakeService(WebApplication app) => _app = app;

    public ConcurrentQueue<HeartbeatRequest> Heartbeats { get; } = new();

    public ConcurrentQueue<(ClaimRequest Request, long At)> Claims { get; } = new();

    public ConcurrentQueue<TaskResult> Results { get; } = new();

    public ConcurrentQueue<int> BatchSizes { get; } = new();

    public ConcurrentQueue<RegisterAgentRequest> Registrations { get; } = new();

    /// <summary>Connections break without an answer.</summary>
    public bool Away { get; set; }

    /// <summary>The key that is accepted.</summary>
    public string Accepted { get; set; } = Key;

    /// <summary>What a proxy answers in the service's place, where this gives a status for the path.</summary>
    public Func<string, (int Status, string Body)?> Proxy { get; set; } = _ => null;

    /// <summary>Whether another process has the agent, by the session that calls.</summary>
    public Func<string?, bool> IsInUse { get; set; } = _ => false;

    public Func<HeartbeatRequest, HeartbeatAnswer> Answer { get; set; } = _ => new HeartbeatAnswer(1, null, [], []);

    public Func<TaskResult, TaskResultEntry> Judge { get; set; } = r => new TaskResultEntry(r.TaskId, r.Attempt, "completed");

    /// <summary>A batch for which this says so is refused as a whole with 400.</summary>
    public Func<IReadOnlyList<TaskResult>, bool> RefusesBatch { get; set; } = _ => false;

    /// <summary>Results are not looked at before it completes.</summary>
    public Task ResultsWait { get; set; } = Task.CompletedTask;

    public int NextClaimSeconds { get; set; }

    public string? RegistrationKey { get; set; } = "hg_new_key";

    /// <summary>Tasks that nobody has claimed.</summary>
    public bool HasOffers => !_ready.IsEmpty;

    public string Address => _app.Urls.Single();

    public static async Task<FakeService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var service = new FakeService(builder.Build());
        service._app.Run(service.HandleAsync);
        await service._app.StartAsync();
        return service;
    }

    public void Offer(params ReadOnlySpan<ClaimedTask> tasks)
    {
        foreach (var task in tasks)
            _ready.Enqueue(task);
        _work.Set();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (Away)
            http.Abort();
        else if (Proxy(path) is { } foreign)
            await PageAsync(http, foreign.Status, foreign.Body);
        else if (path == "/agents")
            await RegisterAsync(http);
        else if (http.Request.Headers.Authorization != "Bearer " + Accepted)
            await WriteAsync(http, 401, new ErrorBody("Unauthenticated", "unauthenticated", "request"), ContractJson.Default.ErrorBody);
        else if (!path.EndsWith("/task-results", StringComparison.Ordinal) && IsInUse(http.Request.Headers[AgentSession.Header]))
            await WriteAsync(http, 409, new ErrorBody("In use", "agent-in-use", "request"), ContractJson.Default.ErrorBody);
        else if (path == "/agents/agent-1/heartbeat")
            await HeartbeatAsync(http);
        else if (path == "/agents/agent-1/tasks/claim")
            await ClaimAsync(http);
        else if (path == "/agents/agent-1/task-results")
            await ResultsAsync(http);
        else
            await WriteAsync(http, 404, new ErrorBody("Not found", "agent-not-found", "request"), ContractJson.Default.ErrorBody);
    }

    private async Task RegisterAsync(HttpContext http)
    {
        Registrations.Enqueue(await ReadAsync(http, ContractJson.Default.RegisterAgentRequest));
        if (http.Request.Headers.Authorization == "Bearer operator")
            await WriteAsync(http, RegistrationKey is null ? 200 : 201, new AgentRegistered("agent-1", RegistrationKey), ContractJson.Default.AgentRegistered);
        else
            await WriteAsync(http, 403, new ErrorBody("Forbidden", "insufficient-permission", "request"), ContractJson.Default.ErrorBody);
    }

    private async Task HeartbeatAsync(HttpContext http)
    {
        var beat = await ReadAsync(http, ContractJson.Default.HeartbeatRequest);
        var answer = Answer(beat);
        Heartbeats.Enqueue(beat);
        await WriteAsync(http, 200, answer, ContractJson.Default.HeartbeatAnswer);
    }

    private async Task ClaimAsync(HttpContext http)
    {
        var claim = await ReadAsync(http, ContractJson.Default.ClaimRequest);
        Claims.Enqueue((claim, TimeProvider.System.GetTimestamp()));
        var tasks = new List<ClaimedTask>();
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        wait.CancelAfter(TimeSpan.FromSeconds(claim.WaitSeconds));
        try
        {
            while (_ready.IsEmpty)
                await _work.WaitAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            // No work came.
        }

        while (tasks.Count < claim.Max && !http.RequestAborted.IsCancellationRequested && _ready.TryDequeue(out var task))
            tasks.Add(task);
        await WriteAsync(http, 200, new ClaimAnswer(tasks, NextClaimSeconds), ContractJson.Default.ClaimAnswer);
    }

    private async Task ResultsAsync(HttpContext http)
    {
        var batch = (await ReadAsync(http, ContractJson.Default.TaskResultsRequest)).Results;
        await ResultsWait;
        if (RefusesBatch(batch))
        {
            await WriteAsync(http, 400, new ErrorBody("Invalid request", "invalid-request", "request"), ContractJson.Default.ErrorBody);
            return;
        }

        BatchSizes.Enqueue(batch.Count);
        var answers = batch.Select(r => Judge(r)).ToList();
        foreach (var (result, answer) in batch.Zip(answers))
        {
            if (answer.Outcome is not null)
                Results.Enqueue(result);
        }

        await WriteAsync(http, 200, new TaskResultsAnswer(answers), ContractJson.Default.TaskResultsAnswer);
    }

    private static async Task PageAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = "http://127.0.0.1:9/";
        if (status is not (204 or 304))
            await http.Response.WriteAsync(body);
    }

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) => (await JsonSerializer.DeserializeAsync(http.Request.Body, type))!;

    private static async Task WriteAsync<T>(HttpContext http, int status, T body, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        await JsonSerializer.SerializeAsync(http.Response.Body, body, type);
    }
}
