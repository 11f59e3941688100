using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Actors;

/// <summary>
/// Submits runs of very many tasks that nobody takes, and cancels them: so much to write at once that bringing it into the tables takes
/// many steps, between which a kill can fall.
/// </summary>
internal sealed class Bulk(World world, Tenant tenant, Supervisor supervisor, Chance chance) : IActor
{
    private const int MostTasks = 200;
    private const int Burst = 8;
    private int _names;
    private readonly ConcurrentQueue<Submission> _sent = new();

    public IEnumerable<Submission> Sent => _sent;

    private IEnumerable<AcceptedRun> Open => world.Runs.All.Where(run => run.TenantId == tenant.Id && run.Ended is null);

    public async Task StepAsync()
    {
        if (!chance.OneIn(3))
            await tenant.Line.GetAsync(tenant.Path);
        else if (Open.ToList() is { Count: > 1 } open)
            await CancelAsync(chance.Of(open));
        else
            await SubmitAsync();
    }

    /// <summary>More at once than one step of a merge takes.</summary>
    public Task BurstAsync() => Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => SubmitAsync()));

    /// <summary>Nothing of it stays open.</summary>
    public async Task SettleAsync()
    {
        foreach (var run in Open.ToList())
            await CancelAsync(run);
    }

    private async Task SubmitAsync()
    {
        var tasks = Enumerable.Range(0, chance.Between(MostTasks / 2, MostTasks)).Select(number => (JsonNode)Bodies.Task($"t{number}", "nobody-takes-it"));
        var name = $"{tenant.Id}-{Interlocked.Increment(ref _names)}";
        var submission = new Submission(name, null, new JsonObject { ["name"] = name, ["tasks"] = new JsonArray([.. tasks]) });
        _sent.Enqueue(submission);
        var reply = await tenant.Line.SendAsync("POST", $"{tenant.Path}/runs", submission.Body);
        if (reply?.Status == HttpStatusCode.Accepted)
            world.Runs.Accept(tenant.Id, reply.RunId, submission.Name);
    }

    private async Task CancelAsync(AcceptedRun run)
    {
        world.Runs.Cancelling(run.RunId);
        await world.Operator.SendAsync("POST", run.Path + "/cancel");
        await supervisor.ReadAsync(run);
    }
}
