using System.Text.Json.Nodes;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Headgate.Samples;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Client.Tests;

/// <summary>The client against the service itself.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private LocalService _service = null!;
    private HeadgateClient _client = null!;

    public async Task InitializeAsync()
    {
        _service = await LocalService.StartAsync();
        _client = new HeadgateClient(new HeadgateClientOptions { Service = new Uri(_service.Server.Address), Key = _service.Server.OperatorKey.Text });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task SubmitAsync_BadRun_NamesEveryProblem()
    {
        await _client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro"));

        var refusal = await Assert.ThrowsAsync<HeadgateException>(
            () => _client.Runs.SubmitAsync("acme", new SubmitRunRequest("", [new TaskRequest("a", "NOOP", Needs: ["b"])])));

        Assert.Equal("invalid-request", refusal.Code);
        Assert.True(refusal.Details.Count >= 3, refusal.Message);
        Assert.NotNull(refusal.RequestId);
    }

    [Fact]
    public async Task WatchAsync_ARunThatCompletes_TellsItAndEnds()
    {
        await _client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro"));
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "a1", 1, "acme");
        var run = await _client.Runs.SubmitAsync("acme", new SubmitRunRequest("nightly", [new TaskRequest("one", "noop")]));
        using var late = new CancellationTokenSource(Patience.Limit);

        var told = new List<HeadgateClientEvent>();
        var work = agent.OutcomeOfOneAsync();
        await foreach (var change in _client.Runs.WatchAsync("acme", run.RunId, late.Token))
            told.Add(new(change.Run?.Status, change.Task?.Status));
        await work;

        Assert.Equal("completed", told.Last(change => change.Run is not null).Run);
        Assert.Equal("completed", told.Last(change => change.Task is not null).Task);
        Assert.Equal("completed", (await _client.Runs.GetAsync("acme", run.RunId)).Status);
    }

    [Fact]
    public async Task Calls_OfATenantsDay_AllSucceed()
    {
        var created = await _client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro"));
        var renamed = await _client.Tenants.UpdateAsync("acme", new JsonObject { ["name"] = "Acme & Sons" }, created.ETag);
        var key = await _client.Keys.CreateAsync("acme", new CreateKeyRequest("ci", "developer"));
        var policy = await _client.Policies.PutAsync("acme", "slow", new PolicyRequest(BaseSeconds: 60));
        var held = await _client.Resources.HoldAsync("acme", "main", "the disk is full");
        await _client.Resources.ReleaseAsync("acme", "main");
        await _client.Tenants.PauseAsync("acme", "night");
        var paused = await Assert.ThrowsAsync<HeadgateException>(() => _client.Runs.SubmitAsync("acme", new SubmitRunRequest("n", [new TaskRequest("one", "noop")])));
        await _client.Tenants.ResumeAsync("acme");
        var registered = await _client.Agents.RegisterAsync(new RegisterAgentRequest("a1", "linux", "x64", "1", "acme", Capabilities: ["noop"]));
        var drained = await _client.Agents.DrainAsync(registered.AgentId);
        var run = await _client.Runs.SubmitAsync("acme", new SubmitRunRequest("n", [new TaskRequest("one", "noop")]));
        await _client.Runs.CancelAsync("acme", run.RunId);
        await _client.Keys.RevokeAsync("acme", key.KeyId);
        await _client.Policies.DeleteAsync("acme", "slow");

        Assert.Equal(("Acme & Sons", 60, "held", "draining"), (renamed.Name, policy.BaseSeconds, held.State, drained.State));
        Assert.Equal(("tenant-paused", TimeSpan.FromSeconds(60)), (paused.Code, paused.RetryAfter));
        Assert.Contains("tenant.paused", await ActionsAsync());
        Assert.True(await _client.Operations.IsReadyAsync());
        Assert.Equal(0, (await _client.Operations.QueuesAsync()).Runs.DeadLettered);
    }

    [Fact]
    public async Task Sample_OfASubmitter_SeesItsRunToTheEnd()
    {
        await _client.Tenants.CreateAsync(new CreateTenantRequest("acme", "Acme", "pro"));
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "a1", 1, "acme");
        using var late = new CancellationTokenSource(Patience.Limit);
        await using var output = new StringWriter();

        var work = agent.OutcomeOfOneAsync();
        var status = await Submitter.RunAsync(_client, "acme", new SubmitRunRequest("nightly", [new TaskRequest("one", "noop")]), output, late.Token);
        await work;

        Assert.Equal("completed", status);
        Assert.Contains("one: completed", output.ToString(), StringComparison.Ordinal);
    }

    private async Task<List<string>> ActionsAsync()
    {
        var actions = new List<string>();
        await foreach (var row in _client.Tenants.AuditAsync("acme"))
            actions.Add(row.Action);
        return actions;
    }

    private sealed record HeadgateClientEvent(string? Run, string? Task);
}

internal static class OneTask
{
    /// <summary>Takes one task and completes it.</summary>
    public static async Task OutcomeOfOneAsync(this Agent agent) => (await agent.ReportAsync(await agent.ClaimOneAsync())).Message.EnsureSuccessStatusCode();
}
