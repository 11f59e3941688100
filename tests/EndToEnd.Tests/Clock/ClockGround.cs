using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>A service whose time stands still until a test moves it, with one tenant.</summary>
internal sealed class ClockGround : IAsyncDisposable
{
    private readonly Ground _ground;

    private ClockGround(Ground ground, ManualClock clock) => (_ground, Clock) = (ground, clock);

    public ManualClock Clock { get; }

    public HttpClient Client => _ground.Client;

    public static async Task<ClockGround> StartAsync()
    {
        var clock = new ManualClock();
        return new ClockGround(await Ground.StartAsync(clock, "enterprise"), clock);
    }

    public Task<Agent> AgentAsync(string name = "agent") => _ground.AgentAsync(name);

    public async Task<string> SubmitAsync(JsonNode run)
    {
        var reply = await Client.SubmitAsync(Ground.Tenant, run);
        Refused.Not(System.Net.HttpStatusCode.Accepted, reply);
        return reply.RunId;
    }

    public Task PolicyAsync(string name, string body) => Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/policies/{name}", body);

    public Task<JsonNode> RunAsync(string runId) => Client.RunAsync(Ground.Tenant, runId);

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Looks until the run is as wanted. Time stands still meanwhile, but for timers that were due before they were set.</summary>
    public Task<JsonNode> UntilAsync(string runId, Func<JsonNode, bool> wanted) => Client.UntilAsync(Ground.Tenant, runId, run =>
    {
        Clock.Advance(TimeSpan.Zero);
        return wanted(run);
    });

    public Task<JsonNode> UntilTaskAsync(string runId, string task, string status) => UntilAsync(runId, run => run.TaskIs(task, status));

    public async Task<JsonNode> ClaimAsync(Agent agent, string runId, string task = "one")
    {
        await UntilTaskAsync(runId, task, "ready");
        return Assert.Single(await agent.ClaimAsync(1))!;
    }

    public ValueTask DisposeAsync() => _ground.DisposeAsync();
}
