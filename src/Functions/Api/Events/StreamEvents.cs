using Headgate.Core.Access;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace Headgate.Functions.Api.Events;

/// <summary><c>GET /tenants/{t}/runs/{r}/events</c> and <c>GET /tenants/{t}/events</c></summary>
public sealed class StreamEvents(
    RunReader runs,
    TenantReader tenants,
    ITableStore tables,
    WholeRuns whole,
    RowChanges changes,
    OpenStreams streams,
    Arrangement arrangement,
    CredentialChain credentials,
    IHostApplicationLifetime lifetime,
    TimeProvider clock)
{
    [Function("StreamRunEvents"), Access(Permission.RunRead)]
    [Does("Stream the changes of a run"), Headers("Last-Event-ID")]
    [Answers(200, MediaType = EventStream.MediaType), Answers(204), Refuses("too-many-streams")]
    public async Task<IActionResult> OfRunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs/{runId}/events")] HttpRequest request,
        string tenantId,
        string runId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is null)
            return Reply.Refused(Refusals.RunNotFound(runId));
        return Open(context.Caller(), request, tenantId, runId, listener => new RunFeed(whole, listener, tenantId, runId));
    }

    [Function("StreamTenantEvents"), Access(Permission.RunRead)]
    [Does("Stream the changes of a tenant's runs"), Headers("Last-Event-ID")]
    [Answers(200, MediaType = EventStream.MediaType), Answers(204), Refuses("too-many-streams")]
    public async Task<IActionResult> OfTenantAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/events")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return Open(context.Caller(), request, tenantId, null, listener => new TenantFeed(tenants, tables, whole, listener, arrangement.IsAlone, clock, tenantId));
    }

    private IActionResult Open(Caller caller, HttpRequest request, string tenantId, string? runId, Func<RowChanges.Listener, EventFeed> feed)
    {
        if (streams.TryOpen(caller.Actor, tenantId) is not { } place)
            return Reply.Refused(OpenStreams.TooMany);
        var listener = changes.Listen(tenantId, runId);
        var pace = arrangement.IsAlone ? StreamPace.Told : StreamPace.Asking;
        return new EventStream(feed(listener), listener, place, pace, IsStillAllowedAsync, clock, lifetime.ApplicationStopping);

        async ValueTask<bool> IsStillAllowedAsync(CancellationToken cancellationToken) =>
            await credentials.IdentifyAsync(request, cancellationToken) is { } now && (await now.InAsync(tenantId, cancellationToken)).Refuse(Permission.RunRead, tenantId) is null;
    }
}

/// <summary>How many streams are open in this process. In Azure each takes one of the places that the functions host has for calls.</summary>
public sealed class OpenStreams
{
    public const int MostOfOneCaller = 8;
    public const int MostOfOneTenant = 32;
    public const int MostOfAll = 100;

    public static readonly Refusal TooMany =
        new Refusal(429, "too-many-streams", "Too many streams of events are open") { RetryAfter = 5 }
            .With("message", $"At most {MostOfOneCaller} of one caller, {MostOfOneTenant} of one tenant, {MostOfAll} of one process.");

    private readonly Lock _lock = new();
    private readonly Dictionary<(char Kind, string Id), int> _open = [];
    private int _all;

    /// <returns>Given up when disposed; null if there are as many as there may be.</returns>
    public IDisposable? TryOpen(string actor, string tenantId)
    {
        lock (_lock)
        {
            if (_all >= MostOfAll || Of(('c', actor)) >= MostOfOneCaller || Of(('t', tenantId)) >= MostOfOneTenant)
                return null;
            Add(actor, tenantId, 1);
        }

        return new Place(this, actor, tenantId);
    }

    private void Add(string actor, string tenantId, int change)
    {
        _all += change;
        foreach (var key in ((char, string)[])[('c', actor), ('t', tenantId)])
        {
            if ((_open[key] = Of(key) + change) == 0)
                _open.Remove(key);
        }
    }

    private int Of((char, string) key) => _open.GetValueOrDefault(key);

    private void Close(string actor, string tenantId)
    {
        lock (_lock)
            Add(actor, tenantId, -1);
    }

    private sealed class Place(OpenStreams all, string actor, string tenantId) : IDisposable
    {
        private OpenStreams? _all = all;

        public void Dispose() => Interlocked.Exchange(ref _all, null)?.Close(actor, tenantId);
    }
}
