using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Life;

/// <summary>What the app stands on goes and comes back while its process stays; or the process itself is killed under load.</summary>
public class OutageTests
{
    private const int Runs = 6;

    [SuiteFact]
    public async Task Tables_GoneAndBack_Are503MeanwhileAndLoseNothing()
    {
        await using var app = await Deployment.StartAsync(WorkerSettings.SoonRepaired);
        var books = await Books.OpenAsync(app);
        var held = await books.SubmitAndClaimAsync();
        var admitted = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => books.Client.SubmitAsync(Books.Tenant)));

        await app.Tables.LeaveAsync();
        var refused = await Task.WhenAll(StoreCalls.All.Select(call => books.Client.CallAsync(call.Method, call.Path, call.Body)));
        var report = await books.Agent.ReportAsync(held);
        var timers = await Task.WhenAll(app.Host.Worker.Functions.Where(function => function.IsTriggeredBy("timerTrigger")).Select(timer => app.Host.DueAsync(timer.Name)));
        var health = await books.Client.ReadAsync("/health");
        await app.Tables.ListenAsync();

        Assert.All(refused.Append(report), reply => Refused.With(503, "store-unavailable", reply));
        Assert.All(refused.Append(report), reply => Assert.NotNull(reply.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, health.Status);
        Assert.NotEmpty(timers);
        Assert.Equal(HttpStatusCode.OK, (await books.Client.ReadAsync("/ready")).Status);
        Assert.Equal("completed", await books.Agent.OutcomeAsync(held));
        await books.FinishAsync(admitted.Select(run => run.RunId));
        await books.BalanceAsync(runs: Runs + 1);
    }

    [SuiteFact]
    public async Task Bus_GoneAndBack_HoldsUpRunsAndLosesNone()
    {
        await using var app = await Deployment.StartAsync(WorkerSettings.SoonRepaired);
        var books = await Books.OpenAsync(app);
        await books.FinishAsync([(await books.Client.SubmitAsync(Books.Tenant)).RunId]);

        await app.Bus.LeaveAsync();
        var admitted = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => books.Client.SubmitAsync(Books.Tenant)));
        var ready = await books.Client.ReadAsync("/ready");
        var queues = await books.Client.ReadAsync("/queues");
        var waiting = await Task.WhenAll(admitted.Select(run => books.Client.RunAsync(Books.Tenant, run.RunId)));
        await app.Bus.ListenAsync();

        Assert.All(admitted, run => Refused.Not(HttpStatusCode.Accepted, run));
        Assert.All(waiting, run => Assert.Equal("pending", (string?)run["status"]));
        foreach (var reply in new[] { ready, queues })
        {
            Refused.With(503, "store-unavailable", reply);
            Assert.NotNull(reply.Header("Retry-After"));
        }

        await books.FinishAsync(admitted.Select(run => run.RunId));
        await books.BalanceAsync(runs: Runs + 1);
        Assert.Equal(HttpStatusCode.OK, (await books.Client.ReadAsync("/ready")).Status);
    }

    [SuiteFact]
    public async Task Worker_KilledUnderSubmissions_LosesNoAdmittedRunAndNoSlot()
    {
        const int Submissions = 19;
        await using var app = await Deployment.StartAsync(WorkerSettings.SoonRepaired);
        var books = await Books.OpenAsync(app);
        var held = await books.SubmitAndClaimAsync();
        Task<Reply>[] SubmitAll() => [.. Enumerable.Range(0, Submissions).Select(i => books.Client.SubmitAsync(Books.Tenant, idempotencyKey: $"k-{i}"))];
        var submissions = SubmitAll();
        await Task.WhenAny(submissions);

        await app.Host.KillWorkerAsync();
        var first = await Task.WhenAll(submissions);
        await app.Host.StartWorkerAsync();
        var again = await Task.WhenAll(SubmitAll());

        Assert.All(first, reply => Assert.Contains(reply.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }));
        Assert.All(again, reply => Refused.Not(HttpStatusCode.Accepted, reply));
        Assert.All(first.Zip(again), pair => Assert.True(pair.First.Status != HttpStatusCode.Accepted || pair.First.RunId == pair.Second.RunId));
        Assert.Equal("completed", await books.Agent.OutcomeAsync(held));
        await books.FinishAsync(again.Select(run => run.RunId));
        await books.BalanceAsync(runs: Submissions + 1);
    }
}
