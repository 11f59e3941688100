using System.Net;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Actors;

/// <summary>Pauses and resumes tenants, changes their settings, cancels runs, and reads.</summary>
internal sealed class Supervisor(World world, Chance chance) : IActor
{
    public Task StepAsync()
    {
        var tenant = chance.Of(world.Tenants);
        return chance.Between(1, 12) switch
        {
            1 => PauseAsync(tenant),
            2 or 3 => ResumeAsync(tenant),
            4 => world.Operator.SendAsync("PATCH", tenant.Path, System.Text.Json.Nodes.JsonNode.Parse($$"""{"name":"{{tenant.Id}} {{chance.Between(1, 100)}}"}""")),
            5 => tenant.Line.SendAsync("PUT", $"{tenant.Path}/policies/other", System.Text.Json.Nodes.JsonNode.Parse("{}")),
            6 => CancelAsync(),
            7 or 8 => ReadRunAsync(),
            _ => ReadTenantAsync(tenant),
        };
    }

    /// <summary>Until somebody has said that it is active.</summary>
    public async Task<bool> ActiveAsync(Tenant tenant)
    {
        if (!tenant.Standing.IsActive)
            await ResumeAsync(tenant);
        return tenant.Standing.IsActive;
    }

    /// <summary>Reads an accepted run.</summary>
    public async Task<bool> ReadAsync(AcceptedRun run)
    {
        var step = run.Step;
        var reply = await world.Operator.GetAsync(run.Path);
        if (reply is null)
            return false;
        if (world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"run {run.RunId} was accepted, and then answered {(int)reply.Status} {reply.Body?.ToJsonString()}"))
            world.Runs.Saw(reply.Body!, step);
        return true;
    }

    private async Task PauseAsync(Tenant tenant)
    {
        tenant.Standing = new(paused: null);
        var reply = await world.Operator.SendAsync("POST", $"{tenant.Path}/pause");
        if (reply is not null && world.Sightings.Holds(reply.Status == HttpStatusCode.OK || reply.Code == "already-paused", () => $"the pause of {tenant.Id} was answered {reply.Body?.ToJsonString()}"))
            tenant.Standing = new(paused: true);
    }

    private async Task ResumeAsync(Tenant tenant)
    {
        tenant.Standing = new(paused: null);
        var reply = await world.Operator.SendAsync("POST", $"{tenant.Path}/resume");
        if (reply is not null && world.Sightings.Holds(reply.Status == HttpStatusCode.OK || reply.Code == "not-paused", () => $"the resumption of {tenant.Id} was answered {reply.Body?.ToJsonString()}"))
            tenant.Standing = new(paused: false);
    }

    private async Task CancelAsync()
    {
        if (world.Runs.All is not { Count: > 0 } runs)
            return;
        var run = chance.Of(runs);
        world.Runs.Cancelling(run.RunId);
        var reply = await world.Operator.SendAsync("POST", run.Path + "/cancel");
        if (reply is not null)
            world.Sightings.Holds(reply.Status == HttpStatusCode.Accepted || reply.Code == "run-finished", () => $"the cancelling of {run.RunId} was answered {reply.Body?.ToJsonString()}");
    }

    private async Task ReadRunAsync()
    {
        if (world.Runs.All is { Count: > 0 } runs)
            await ReadAsync(chance.Of(runs));
    }

    private async Task ReadTenantAsync(Tenant tenant)
    {
        var standing = tenant.Standing;
        var reply = await tenant.Line.GetAsync(tenant.Path);
        if (reply is null || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"{tenant.Id} was answered {(int)reply.Status}"))
            return;
        tenant.SawInFlight((int)reply.Body!["inFlight"]!, world.Sightings);
        var status = (string)reply.Body["status"]!;
        if (tenant.Still(standing) && (standing.IsActive || standing.IsPaused))
            world.Sightings.Holds(status == (standing.IsPaused ? "paused" : "active"), () => $"{tenant.Id} is {status} although nobody asked for that");
    }
}
