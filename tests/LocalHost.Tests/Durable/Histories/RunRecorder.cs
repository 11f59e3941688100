using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Headgate.Functions.Orchestrations;
using Headgate.LocalHost.Durable;
using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Durable.Replay;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Tests.Durable.Histories;

/// <summary>The whole service with one tenant and one agent, and an ear on its durable engine.</summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LocalService _service;
    private readonly DurableEngine _engine;
    private readonly ConcurrentQueue<(InstanceRow Row, TurnOutcome Outcome)> _turns = new();
    private HttpClient _agent = null!;
    private string _agentId = "";

    private RunRecorder(ManualClock clock, BreakableTables tables, LocalService service)
    {
        (Clock, Tables, _service) = (clock, tables, service);
        _engine = service.Server.Services.GetRequiredService<DurableEngine>();
        _engine.TurnCommitted = (row, outcome) => _turns.Enqueue((row, outcome));
    }

    public ManualClock Clock { get; }

    public BreakableTables Tables { get; }

    /// <summary>Turns that orchestrators have taken.</summary>
    public int Turns => _turns.Count;

    public static async Task<RunRecorder> StartAsync()
    {
        var (clock, tables) = (new ManualClock(), new BreakableTables());
        var recorder = new RunRecorder(clock, tables, await LocalService.StartAsync(clock, configure: tables.Replace));
        await recorder.PostAsync("/tenants", """{"id":"acme","name":"Acme","plan":"enterprise"}""");
        var agent = await recorder.PostAsync("/agents", """{"name":"a1","os":"linux","arch":"x64","version":"1","capabilities":["noop"]}""");
        recorder._agentId = (string)agent["agentId"]!;
        recorder._agent = recorder._service.NewClient((string)agent["key"]!);
        return recorder;
    }

    /// <returns>The run's id.</returns>
    public async Task<string> SubmitAsync(params JsonObject[] tasks) =>
        (string)(await PostAsync("/tenants/acme/runs", new JsonObject { ["name"] = "recorded", ["tasks"] = new JsonArray([.. tasks]) }.ToJsonString()))["runId"]!;

    public Task CancelAsync(string runId) => PostAsync($"/tenants/acme/runs/{runId}/cancel", null);

    public async Task PutPolicyAsync(string name, string body)
    {
        var reply = await _service.Client.PutAsync($"/tenants/acme/policies/{name}", JsonContent.Create(JsonNode.Parse(body)));
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    /// <param name="waitSeconds">On the clock of the service.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<JsonNode?> ClaimAsync(int waitSeconds = 20) =>
        (await PostAsync($"/agents/{_agentId}/tasks/claim", $$"""{"max":1,"waitSeconds":{{waitSeconds}}}""", _agent))["tasks"]!.AsArray().SingleOrDefault();

    public Task ReportAsync(JsonNode task, string status = "success", string? message = null) =>
        PostAsync($"/agents/{_agentId}/task-results", new JsonObject
        {
            ["taskId"] = (string)task["taskId"]!,
            ["attempt"] = (int)task["attempt"]!,
            ["status"] = status,
            ["durationSeconds"] = 0.01,
            ["errorMessage"] = message,
        }.ToJsonString(), _agent);

    /// <summary>Has the run looked at, as whoever changed it would.</summary>
    public Task WakeAsync(string runId) => _engine.Client.RaiseEventAsync(runId, RunOrchestration.ChangedEvent);

    /// <summary>Waits until so many turns have been taken and the run's instance rests.</summary>
    public async Task ReachAsync(string runId, int turns)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (Turns < turns || _engine.IsBusy(runId))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Moves the clock on until there is a task to be had.</summary>
    public async Task<JsonNode> ClaimLaterAsync()
    {
        for (var seconds = 0; seconds < 600; seconds++)
        {
            if (await ClaimAsync(waitSeconds: 0) is { } task)
                return task;
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        throw new TimeoutException("There was no task in ten minutes of the service's clock.");
    }

    /// <summary>Waits for the end of the run.</summary>
    public async Task<RecordedRun> EndAsync(string runId)
    {
        await _engine.Client.WaitForInstanceCompletionAsync(runId, CancellationToken.None).WaitAsync(Patience);
        return RecordedRun.Of([.. _turns.Where(turn => turn.Row.Id == runId)]);
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        await _service.DisposeAsync();
    }

    private async Task<JsonNode> PostAsync(string path, string? body, HttpClient? client = null)
    {
        using var content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
        var reply = await (client ?? _service.Client).PostAsync(path, content);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
