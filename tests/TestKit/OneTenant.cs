using System.Text.Json.Nodes;
using Headgate.TestKit.Wire;

namespace Headgate.TestKit;

/// <summary>A tenant of a service, and an agent that works for it, by HTTP alone.</summary>
public sealed class OneTenant : IDisposable
{
    private readonly LocalService _service;
    private readonly ManualClock _clock;
    private readonly Agent _agent;

    private OneTenant(LocalService service, ManualClock clock, Agent agent) => (_service, _clock, _agent) = (service, clock, agent);

    public static async Task<OneTenant> CreateAsync(LocalService service, ManualClock clock)
    {
        await service.Client.CreateTenantAsync("acme", "enterprise");
        return new OneTenant(service, clock, await Agent.RegisterAsync(service.Client, service.NewClient, "a1"));
    }

    /// <returns>The run's id.</returns>
    public async Task<string> SubmitAsync(params JsonObject[] tasks) =>
        (string)(await _service.Client.SubmitAsync("acme", Bodies.Run(tasks))).Done["runId"]!;

    public async Task CancelAsync(string runId) => _ = (await _service.Client.PostAsync($"/tenants/acme/runs/{runId}/cancel")).Done;

    /// <returns>The status of a run, as the service tells it.</returns>
    public async Task<string> StatusAsync(string runId) => (string)(await _service.Client.RunAsync("acme", runId))["status"]!;

    public async Task PutPolicyAsync(string name, string body) => _ = (await _service.Client.CallAsync("PUT", $"/tenants/acme/policies/{name}", body)).Done;

    /// <param name="waitSeconds">On the clock of the service.</param>
    /// <returns>Null: there is none.</returns>
    public async Task<JsonNode?> ClaimAsync(int waitSeconds = 20) => (await _agent.ClaimAsync(1, waitSeconds)).SingleOrDefault();

    /// <summary>Moves the clock on until there is a task to be had.</summary>
    public async Task<JsonNode> ClaimLaterAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            if (await ClaimAsync(waitSeconds: 0) is { } task)
                return task;
            Assert.False(limit.IsCancellationRequested, "There was no task.");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public async Task ReportAsync(JsonNode task, string status = "success", string? message = null) => _ = (await _agent.ReportAsync(task, status, message)).Done;

    public void Dispose() => _agent.Client.Dispose();
}
