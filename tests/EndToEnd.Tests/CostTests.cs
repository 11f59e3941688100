using Headgate.EndToEnd.Tests.Support;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Headgate.EndToEnd.Tests;

public class CostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task OneTaskRun_FromSubmitToEnd_CostsAtMostSixWritesAndThreeWaitsForTheDisk()
    {
        // Time stands still: nothing is written because the machine is slow.
        await using var ground = await Ground.StartAsync(new ManualClock(), sync: DiskSync.Full);
        var agent = await ground.AgentAsync(tenant: Ground.Tenant);
        var developer = await MemberAsync(ground);
        var log = ground.Service.Server.Storage.Log;
        var orchestrations = ground.Service.Server.Services.GetRequiredService<DurableTaskClient>();
        // The first claim makes the agent's load row.
        await RunOnceAsync(developer, agent, log, orchestrations);

        var before = log.Operations;
        var waits = await RunOnceAsync(developer, agent, log, orchestrations);
        var operations = log.Operations - before;

        output.WriteLine($"one-task run: {operations} write operations, {waits} waits for the disk");
        Assert.InRange(operations, 1, 6);
        Assert.InRange(waits, 1, 3);
    }

    [Fact]
    public async Task WriteOfAnOperator_WithItsAuditRow_WaitsForTheDiskOnce()
    {
        await using var ground = await Ground.StartAsync(new ManualClock(), sync: DiskSync.Full);
        var log = ground.Service.Server.Storage.Log;
        await log.FlushedAsync();
        var before = log.FlushWaits;

        await ground.Client.PostAsync("/agents", new System.Text.Json.Nodes.JsonObject { ["name"] = "shared", ["os"] = "linux", ["arch"] = "x64", ["version"] = "1" });

        Assert.True(log.FlushedAsync().AsTask().IsCompletedSuccessfully);
        Assert.Equal(1, log.FlushWaits - before);
    }

    /// <returns>How often the three answers (admit, hand-out, result) waited for the disk.</returns>
    private static async Task<long> RunOnceAsync(HttpClient developer, Agent agent, WriteLog log, DurableTaskClient orchestrations)
    {
        await log.FlushedAsync();
        var before = log.FlushWaits;
        var claim = agent.ClaimAsync(1, 20);
        var run = await developer.SubmitAsync(Ground.Tenant);
        await agent.ReportAsync(Assert.Single(await claim)!);
        var waits = log.FlushWaits - before;
        // Not by asking over HTTP: every answer would flush what waits to go along with the next operation.
        await orchestrations.WaitForInstanceCompletionAsync(run.RunId);
        await log.FlushedAsync();
        return waits;
    }

    // An operator's writes are audited, which is a write of its own; members' submissions are not.
    private static async Task<HttpClient> MemberAsync(Ground ground)
    {
        var key = await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/keys", new System.Text.Json.Nodes.JsonObject { ["name"] = "dev", ["role"] = "developer" });
        return ground.Service.NewClient((string)key.Body!["key"]!);
    }
}
