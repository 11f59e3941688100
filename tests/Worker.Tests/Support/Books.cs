using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.TestKit;

namespace Headgate.Worker.Tests.Support;

/// <summary>One tenant's runs and the agent that does them: what was admitted, and what became of it.</summary>
internal sealed class Books
{
    public const string Tenant = "acme";

    private readonly Deployment _app;

    private Books(Deployment app, HttpClient client, Agent agent) => (_app, Client, Agent) = (app, client, agent);

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client { get; }

    public Agent Agent { get; }

    public static async Task<Books> OpenAsync(Deployment app)
    {
        var client = app.Host.NewClient(WorkerSettings.OperatorKey);
        await client.CreateTenantAsync(Tenant, "enterprise");
        return new Books(app, client, await Agent.RegisterAsync(client, app.Host.NewClient, "agent", maxConcurrentTasks: 100, tenant: Tenant));
    }

    /// <returns>The task, which the agent holds.</returns>
    public async Task<JsonNode> SubmitAndClaimAsync()
    {
        await Client.SubmitAsync(Tenant);
        return await Agent.ClaimOneAsync();
    }

    /// <summary>Fires maintenance and has the agent work until all of these have completed.</summary>
    public async Task FinishAsync(IEnumerable<string> runIds)
    {
        var open = runIds.ToHashSet(StringComparer.Ordinal);
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (open.Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await _app.Host.FireAsync("Maintain");
            foreach (var task in await Agent.ClaimAsync(waitSeconds: 1))
                await Agent.OutcomeAsync(task!);
            foreach (var runId in open.ToList())
            {
                var run = await Client.RunAsync(Tenant, runId);
                if (run["finishedAt"] is null)
                    continue;
                Assert.Equal("completed", (string?)run["status"]);
                open.Remove(runId);
            }
        }
    }

    /// <summary>So many runs have been admitted, all have ended, and no slot is taken: by the counter, and by the rows it is to agree with.</summary>
    public async Task BalanceAsync(int runs)
    {
        var tenant = (await Client.ReadAsync($"/tenants/{Tenant}")).Body!;
        var rows = new TableClient(_app.Tables.ConnectionString, "tenants");
        var live = 0;
        await foreach (var _ in rows.QueryAsync<TableEntity>($"PartitionKey eq '{Tenant}' and RowKey ge 'live:' and RowKey lt 'live;'"))
            live++;
        var listed = (await Client.ReadAsync($"/tenants/{Tenant}/runs?limit=100")).Body!["items"]!.AsArray();

        Assert.Equal((0, 0), ((int)tenant["inFlight"]!, live));
        Assert.Equal((runs, runs), ((int)tenant["runsThisMonth"]!, listed.Count));
    }
}
