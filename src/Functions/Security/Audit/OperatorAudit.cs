using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Security.Audit;

/// <summary>
/// Every write by an operator leaves a row in the audit of the tenant it touched. Written when the answer is known and before
/// it is sent, and only where the write was not refused.
/// </summary>
public sealed class OperatorAudit(ITableStore tables, NewestFirstIds ids, TimeProvider clock, ILogger<OperatorAudit> logger)
{
    /// <summary>Stands in the request's items once a row was written for it.</summary>
    public static readonly object WrittenLate = new();

    private static readonly object s_tenant = new();
    private static readonly object s_unchanged = new();

    /// <summary>Tells which tenant the request touches, where its path does not; null: none.</summary>
    public static void Concerns(HttpContext http, string? tenantId) => http.Items[s_tenant] = tenantId;

    /// <summary>Tells that a <c>PATCH</c> or <c>PUT</c> found everything as it wants it, and has written nothing.</summary>
    public static void NothingChanged(HttpContext http) => http.Items[s_unchanged] = s_unchanged;

    public void Watch(HttpContext http, AuditAction action, Caller caller)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            return;
        http.Response.OnStarting(() => http.Response.StatusCode < 400 && !http.Items.ContainsKey(s_unchanged) ? WriteAsync(http, action, caller) : Task.CompletedTask);
    }

    private async Task WriteAsync(HttpContext http, AuditAction action, Caller caller)
    {
        var tenantId = (http.Request.RouteValues["tenantId"] ?? http.Items[s_tenant]) as string;
        var entry = new AuditEntry(tenantId, clock.GetUtcNow(), caller.Actor, action, http.Request.Path, null, http.TraceIdentifier);
        try
        {
            http.Items[WrittenLate] = WrittenLate;
            await tables.SubmitAsync(new TableChange(entry.ToBatch(ids)), CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            // The write itself is done and cannot be taken back; the log is what remains.
            logger.AuditFailed(failure, action.WireName(), caller.Actor, http.TraceIdentifier);
        }
    }
}
