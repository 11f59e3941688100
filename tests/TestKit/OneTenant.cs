using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Headgate.TestKit;

/// <summary>A tenant of a service, and an agent that works for it, by HTTP alone.</summary>
public sealed class OneTenant : IDisposable
{
    private readonly LocalService _service;
    private readonly ManualClock _clock;
    private HttpClient _agent = null!;
    private string _agentId = "";

    private OneTenant(LocalService service, ManualClock clock) => (_service, _clock) = (service, clock);

    public static async Task<OneTenant> CreateAsync(LocalService service, ManualClock clock)
    {
        var tenant = new OneTenant(service, clock);
        await tenant.PostAsync("/tenants", """{"id":"acme","name":"Acme","plan":"enterprise"}""");
        var agent = await tenant.PostAsync("/agents", """{"name":"a1","os":"linux","arch":"x64","version":"1","capabilities":["noop"]}""");
        tenant._agentId = (string)agent["agentId"]!;
        tenant._agent = service.NewClient((string)agent["key"]!);
        return tenant;
    }

    /// <summary>A task that asks for nothing but to be taken, once those it needs have succeeded.</summary>
    public static JsonObject Task(string name, params string[] needs) => new()
    {
        ["name"] = name,
        ["type"] = "noop",
        ["needs"] = new JsonArray([.. needs.Select(need => JsonValue.Create(need))]),
    };

    /// <returns>The run's id.</returns>
    public async Task<string> SubmitAsync(params JsonObject[] tasks) =>
        (string)(await PostAsync("/tenants/acme/runs", new JsonObject { ["name"] = "recorded", ["tasks"] = new JsonArray([.. tasks]) }.ToJsonString()))["runId"]!;

    public Task CancelAsync(string runId) => PostAsync($"/tenants/acme/runs/{runId}/cancel", null);

    /// <returns>The status of a run, as the service tells it.</returns>
    public async Task<string> StatusAsync(string runId) =>
        (string)JsonNode.Parse(await _service.Client.GetStringAsync(new Uri($"/tenants/acme/runs/{runId}", UriKind.Relative)))!["status"]!;

    public async Task PutPolicyAsync(string name, string body)
    {
        var reply = await _service.Client.PutAsync($"/tenants/acme/policies/{name}", JsonContent.Create(JsonNode.Parse(body)));
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    /// <param name="waitSeconds">On the clock of the service.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<JsonNode?> ClaimAsync(int waitSeconds = 20) =>
        (await PostAsync($"/agents/{_agentId}/tasks/claim", $$"""{"max":1,"waitSeconds":{{waitSeconds}}}""", _agent))["tasks"]!.AsArray().SingleOrDefault();

    /// <summary>Moves the clock on until there is a task to be had.</summary>
    public async Task<JsonNode> ClaimLaterAsync()
    {
        for (var seconds = 0; seconds < 600; seconds++)
        {
            if (await ClaimAsync(waitSeconds: 0) is { } task)
                return task;
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        throw new TimeoutException("There was no task in ten minutes of the service's clock.");
    }

    public Task ReportAsync(JsonNode task, string status = "success", string? message = null) =>
        PostAsync($"/agents/{_agentId}/task-results", new JsonObject
        {
            ["taskId"] = (string)task["taskId"]!,
            ["attempt"] = (int)task["attempt"]!,
            ["status"] = status,
            ["durationSeconds"] = 0.01,
            ["errorMessage"] = message,
        }.ToJsonString(), _agent);

    public void Dispose() => _agent.Dispose();

    private async Task<JsonNode> PostAsync(string path, string? body, HttpClient? client = null)
    {
        using var content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
        var reply = await (client ?? _service.Client).PostAsync(path, content);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
