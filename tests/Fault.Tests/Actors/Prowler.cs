using System.Net;

namespace Headgate.Fault.Tests.Actors;

/// <summary>Asks with one tenant's key for what is another's.</summary>
internal sealed class Prowler(World world, Chance chance) : IActor
{
    public async Task StepAsync()
    {
        if (world.Runs.All is not { Count: > 0 } runs)
            return;
        var run = chance.Of(runs);
        var stranger = chance.Of(world.Tenants.Where(tenant => tenant.Id != run.TenantId).ToList());
        var (method, path) = chance.Of(
            ("GET", run.Path),
            ("GET", run.Path + "/timeline"),
            ("POST", run.Path + "/cancel"),
            ("GET", $"/tenants/{stranger.Id}/runs/{run.RunId}"),
            ("POST", $"/tenants/{stranger.Id}/runs/{run.RunId}/cancel"),
            ("GET", $"/tasks/{run.RunId}.t0"),
            ("GET", $"/tenants/{run.TenantId}"),
            ("GET", $"/tenants/{run.TenantId}/runs"),
            ("GET", $"/tenants/{run.TenantId}/dead-letters"));
        var reply = await stranger.Line.SendAsync(method, path);
        if (reply is not null)
            world.Sightings.Holds(reply.Status == HttpStatusCode.NotFound, () => $"{stranger.Id} was answered {(int)reply.Status} {reply.Body?.ToJsonString()} to {method} {path}");
        if (await stranger.Line.ListAsync($"{stranger.Path}/runs") is { } listed)
            world.Sightings.Holds(listed.TrueForAll(item => (string)item["tenantId"]! == stranger.Id), () => $"{stranger.Id} sees foreign runs in its list");
    }
}
