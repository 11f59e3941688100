using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Security.Audit;

/// <summary>Writes audit rows of what stands already. If a row can't be written, the log tells what it would have: the answer doesn't depend on it.</summary>
public sealed class AuditTrail(ITableStore tables, NewestFirstIds ids, TimeProvider clock, ILogger<AuditTrail> logger)
{
    /// <summary>
    /// A write by an operator leaves a row in the audit of the tenant it touched, unless it was refused or <see cref="Reply.ChangesNothing"/>. To
    /// be called before the answer is given.
    /// </summary>
    public ValueTask WriteAsync(HttpContext http, AuditAction action, Caller caller, Reply reply) =>
        reply is { Status: >= 400 } or { ChangesNothing: true } || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            ? ValueTask.CompletedTask
            : WriteAsync(http.Request.RouteValues["tenantId"] as string ?? reply.TenantId, caller, action, http.Request.Path, null, http.TraceIdentifier);

    /// <summary>Writes a row as of now; see <see cref="AuditEntry"/>.</summary>
    public ValueTask WriteAsync(string? tenantId, Caller caller, AuditAction action, string? target, string? reason, string requestId) =>
        WriteAsync(tenantId, caller.Actor, action, target, reason, requestId);

    /// <summary>Likewise of what nobody called for.</summary>
    /// <param name="actor">Who did it, if not a caller.</param>
    public async ValueTask WriteAsync(string? tenantId, string actor, AuditAction action, string? target, string? reason, string requestId)
    {
        var entry = new AuditEntry(tenantId, clock.GetUtcNow(), actor, action, target, reason, requestId);
        try
        {
            await tables.SubmitAsync(new TableChange(entry.ToBatch(ids)), CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            logger.AuditFailed(failure, action.WireName(), target, actor, requestId);
        }
    }
}
