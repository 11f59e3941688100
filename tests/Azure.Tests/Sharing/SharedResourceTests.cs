using Headgate.Conformance;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>Tasks of several processes that name one resource.</summary>
public sealed class SharedResourceTests
{
    private const string Resource = $"/tenants/{Pair.Tenant}/resources/main";

    [SuiteTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Claims_OfFourAgentsOverTwoProcesses_NeverUseMoreThanTheCap(int cap)
    {
        const int Tasks = 24;
        await using var pair = await Pair.StartAsync();
        await pair.One.PutAsync(Resource, new { maxConcurrent = cap });
        await pair.One.StartAsync("main", Tasks);
        var (inUse, most, ended) = (0, 0, 0);
        var gate = new Lock();

        await Task.WhenAll(await WorkersAsync(pair, 4, async (side, agent) =>
        {
            while (Volatile.Read(ref ended) < Tasks)
            {
                var tasks = await side.ClaimAsync(agent);
                if (tasks is not [var task])
                {
                    // A process forgets after a while that a resource was full.
                    pair.Clock.Advance(TimeSpan.FromMilliseconds(200));
                    continue;
                }

                lock (gate)
                    most = Math.Max(most, ++inUse);
                await Task.Yield();
                lock (gate)
                    inUse--;
                Assert.IsType<ReportResult.Settled>(await side.ReportAsync(new AttemptReport(task.TaskId, task.State.Attempt, agent, new AttemptOutcome.Succeeded())));
                Interlocked.Increment(ref ended);
            }
        }));

        Assert.InRange(most, 1, cap);
        Assert.Equal(0, (int)(await pair.Other.GetAsync(Resource))["inUse"]!);
    }

    [SuiteFact]
    public async Task Result_RefusedInOneProcess_KeepsBackInTheOtherUntilTheReleaseThere()
    {
        await using var pair = await Pair.StartAsync();
        await pair.One.StartAsync("main", 3);
        var (first, second) = (await pair.One.NewAgentAsync("first"), await pair.Other.NewAgentAsync("second"));
        var task = Assert.Single((await pair.One.ClaimAsync(first))!);
        await pair.One.ReportAsync(new AttemptReport(task.TaskId, 1, first, new AttemptOutcome.FailedWith(FailureClass.Auth, "wrong password")));

        Assert.Empty((await pair.Other.ClaimAsync(second))!);
        Assert.Equal("held", (string?)(await pair.Other.GetAsync(Resource))["state"]);
        await pair.One.PostAsync($"{Resource}/release");
        pair.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Single((await pair.Other.ClaimAsync(second))!);
        Assert.Empty((await pair.One.ClaimAsync(first))!);
    }

    private static async Task<List<Task>> WorkersAsync(Pair pair, int count, Func<Side, string, Task> work)
    {
        var workers = new List<(Side Side, string Agent)>();
        for (var i = 0; i < count; i++)
        {
            var side = i % 2 == 0 ? pair.One : pair.Other;
            workers.Add((side, await side.NewAgentAsync($"agent-{i}")));
        }

        return workers.ConvertAll(worker => Task.Run(() => work(worker.Side, worker.Agent)));
    }
}
