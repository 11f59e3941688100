using System.Net;
using System.Text.Json.Nodes;
using Headgate.Conformance;
using Headgate.Worker.Tests.Host;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Life;

/// <summary>What the worker stands on, and the worker itself, goes and comes back.</summary>
public class FaultTests
{
    [SuiteFact]
    public async Task Worker_KilledUnderWrites_KeepsWhatItAnsweredAndTheNextGoesOn()
    {
        await using var tables = await AccountTables.StartAsync();
        await using var host = await FunctionsHost.StartAsync(WorkerSettings.Of(tables));
        using var client = host.NewClient(WorkerSettings.OperatorKey);
        await client.CreateTenantAsync("before");
        var writes = Enumerable.Range(0, 40).Select(i => client.PostAsync("/tenants", new JsonObject { ["id"] = $"t-{i}", ["name"] = "x", ["plan"] = "pro" })).ToArray();
        await Task.WhenAny(writes);

        await host.KillWorkerAsync();
        var answers = await Task.WhenAll(writes);
        await host.StartWorkerAsync();

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }));
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/tenants/before")).Status);
        for (var i = 0; i < answers.Length; i++)
        {
            var again = (await client.PostAsync("/tenants", new JsonObject { ["id"] = $"t-{i}", ["name"] = "x", ["plan"] = "pro" })).Status;
            Assert.True(again == HttpStatusCode.Conflict || (again == HttpStatusCode.Created && answers[i].Status != HttpStatusCode.Created), $"t-{i}: {answers[i].Status}, then {again}");
        }
    }
}
