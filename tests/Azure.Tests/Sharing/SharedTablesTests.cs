using System.Net;
using Headgate.Conformance;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Azure.Tests.Sharing;

public sealed class SharedTablesTests
{
    private const int Processes = 4;

    [SuiteFact]
    public async Task Submit_TwoHundredAtOnceOverFourProcesses_AdmitsExactlyTheCap()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await cluster.Clients[0].CreateTenantAsync("acme");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.Equal(195, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        foreach (var client in cluster.Clients)
            Assert.Equal(5, await client.InFlightAsync("acme"));
    }

    [SuiteFact]
    public async Task Pause_ThroughOneProcess_AppliesInAll()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await cluster.Clients[0].CreateTenantAsync("acme");
        // Every process has seen the tenant active before one of them pauses it.
        await Task.WhenAll(cluster.Clients.Select(SubmitUntilDecidedAsync));

        _ = (await cluster.Clients[0].PostAsync("/tenants/acme/pause")).Done;
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));

        Assert.All(answers, answer => Assert.Equal("tenant-paused", answer.Code));
    }

    [SuiteFact]
    public async Task Kill_OfProcessesThatHoldRuns_LeavesNoSlotBehind()
    {
        await using var cluster = await Cluster.StartAsync(Processes);
        await cluster.Clients[0].CreateTenantAsync("acme");
        var admitted = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SubmitUntilDecidedAsync(cluster.Clients[i % Processes])));
        Assert.All(admitted, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));

        // Two of four are killed with runs of theirs in progress; the others must finish those.
        await cluster.Processes[0].KillAsync();
        await cluster.Processes[1].KillAsync();
        var agent = await Agent.RegisterAsync(cluster.Clients[2], key => cluster.NewClient(2, key), "a");
        using var done = new CancellationTokenSource();
        var working = WorkAsync(agent, done.Token);
        await UntilAsync(async () => await cluster.Clients[3].InFlightAsync("acme") == 0);
        await done.CancelAsync();
        await working;

        foreach (var answer in admitted)
            Assert.Equal("completed", (string?)(await cluster.Clients[2].RunAsync("acme", answer.RunId))["status"]);
    }

    // Busy is not a decision: other processes kept winning the ledger, and the caller should try again.
    private static async Task<Reply> SubmitUntilDecidedAsync(HttpClient client)
    {
        while (true)
        {
            var reply = await client.SubmitAsync("acme");
            if (reply.Code != "busy")
                return reply;
        }
    }

    private static async Task WorkAsync(Agent agent, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await agent.BeatAsync();
            foreach (var task in await agent.ClaimAsync(3, 1))
                await agent.ReportAsync(task!);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await holds())
            Assert.False(limit.IsCancellationRequested, "It did not come about.");
    }
}
