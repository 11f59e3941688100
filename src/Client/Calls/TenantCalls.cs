using System.Text;
using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>Tenants, their status and their audit.</summary>
public sealed class TenantCalls
{
    private readonly Wire _wire;

    internal TenantCalls(Wire wire) => _wire = wire;

    public Task<TenantView> CreateAsync(CreateTenantRequest tenant, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, "tenants", tenant, ContractJson.Default.CreateTenantRequest, ContractJson.Default.TenantView, cancellationToken);

    public IAsyncEnumerable<TenantView> ListAsync(CancellationToken cancellationToken = default) =>
        _wire.ListAsync("tenants", ContractJson.Default.PageTenantView, cancellationToken);

    public Task<TenantView> GetAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId), ContractJson.Default.TenantView, cancellationToken);

    /// <summary>Changes what the fields name; a limit that is null goes back to the plan's.</summary>
    /// <param name="changes"><c>name</c>, <c>plan</c> and <c>limits</c>, as the contract has them.</param>
    /// <param name="etag">Of the tenant as it was read: if it has changed since, <c>precondition-failed</c>. Null: whatever it is.</param>
    public Task<TenantView> UpdateAsync(string tenantId, JsonObject changes, string? etag = null, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Patch, Of(tenantId), Bytes(changes), ContractJson.Default.TenantView, cancellationToken, request =>
        {
            if (etag is not null)
                request.Headers.TryAddWithoutValidation("If-Match", etag);
        });

    /// <summary>Refuses new runs and hands out no more tasks; what runs ends.</summary>
    /// <param name="until">When the tenant resumes by itself; null: when somebody resumes it.</param>
    public Task<StatusChanged> PauseAsync(string tenantId, string? reason = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject();
        if (reason is not null)
            body["reason"] = reason;
        if (until is { } end)
            body["until"] = end.ToUniversalTime().ToString(MillisecondTime.Format, null);
        return MoveAsync(tenantId, "pause", body, cancellationToken);
    }

    public Task<StatusChanged> ResumeAsync(string tenantId, CancellationToken cancellationToken = default) => MoveAsync(tenantId, "resume", null, cancellationToken);

    public Task<StatusChanged> SuspendAsync(string tenantId, string reason, CancellationToken cancellationToken = default) =>
        MoveAsync(tenantId, "suspend", Reason(reason), cancellationToken);

    public Task<StatusChanged> DeactivateAsync(string tenantId, string reason, CancellationToken cancellationToken = default) =>
        MoveAsync(tenantId, "deactivate", Reason(reason), cancellationToken);

    public Task<StatusChanged> ActivateAsync(string tenantId, string reason, CancellationToken cancellationToken = default) =>
        MoveAsync(tenantId, "activate", Reason(reason), cancellationToken);

    /// <summary>Ends a tenant: its runs are cancelled, and its rows removed after the days of the settings; until then it can be activated again.</summary>
    public Task<StatusChanged> DeleteAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Of(tenantId), new DeleteTenantRequest(tenantId), ContractJson.Default.DeleteTenantRequest, ContractJson.Default.StatusChanged, cancellationToken);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<AuditItem> AuditAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Of(tenantId) + "/audit", ContractJson.Default.PageAuditItem, cancellationToken);

    /// <summary>Whether the audit is whole and unchanged, and the cap was ever passed.</summary>
    public Task<AuditVerification> VerifyAuditAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId) + "/audit/verify", ContractJson.Default.AuditVerification, cancellationToken);

    /// <summary>What the tenant used.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="month">A UTC month as <c>yyyy-MM</c>; null: this one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<UsageView> UsageAsync(string tenantId, string? month = null, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId) + "/usage" + (month is null ? "" : Wire.Path($"?month={month}")), ContractJson.Default.UsageView, cancellationToken);

    public Task<TenantBackoffView> BackoffStatusAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId) + "/backoff-status", ContractJson.Default.TenantBackoffView, cancellationToken);

    internal static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    internal static JsonObject Reason(string reason) => new() { ["reason"] = reason };

    private Task<StatusChanged> MoveAsync(string tenantId, string move, JsonObject? body, CancellationToken cancellationToken) =>
        _wire.SendAsync(HttpMethod.Post, $"{Of(tenantId)}/{move}", body is null ? null : Bytes(body), ContractJson.Default.StatusChanged, cancellationToken);

    private static string Of(string tenantId) => Wire.Path($"tenants/{tenantId}");
}

/// <summary>A tenant's API keys.</summary>
public sealed class KeyCalls
{
    private readonly Wire _wire;

    internal KeyCalls(Wire wire) => _wire = wire;

    /// <summary>The answer is the only place where the key is ever shown.</summary>
    public Task<KeyCreated> CreateAsync(string tenantId, CreateKeyRequest key, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Wire.Path($"tenants/{tenantId}/keys"), key, ContractJson.Default.CreateKeyRequest, ContractJson.Default.KeyCreated, cancellationToken, Wire.Once);

    /// <summary>A new key in place of one, with its name, role and scopes; the answer is the only place where it is ever shown.</summary>
    /// <param name="overlap">How long the old key goes on, at most a week.</param>
    public Task<KeyCreated> RotateAsync(string tenantId, string keyId, TimeSpan overlap, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(
            HttpMethod.Post,
            Wire.Path($"tenants/{tenantId}/keys/{keyId}/rotate"),
            new RotateKeyRequest((int)overlap.TotalSeconds),
            ContractJson.Default.RotateKeyRequest,
            ContractJson.Default.KeyCreated,
            cancellationToken,
            Wire.Once);

    public IAsyncEnumerable<KeyView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/keys"), ContractJson.Default.PageKeyView, cancellationToken);

    public Task RevokeAsync(string tenantId, string keyId, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Wire.Path($"tenants/{tenantId}/keys/{keyId}"), null, cancellationToken);
}

/// <summary>A tenant's retry policies.</summary>
public sealed class PolicyCalls
{
    private readonly Wire _wire;

    internal PolicyCalls(Wire wire) => _wire = wire;

    public IAsyncEnumerable<PolicyView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/policies"), ContractJson.Default.PagePolicyView, cancellationToken);

    public Task<PolicyView> GetAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Wire.Path($"tenants/{tenantId}/policies/{name}"), ContractJson.Default.PolicyView, cancellationToken);

    public Task<PolicyView> PutAsync(string tenantId, string name, PolicyRequest policy, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Put, Wire.Path($"tenants/{tenantId}/policies/{name}"), policy, ContractJson.Default.PolicyRequest, ContractJson.Default.PolicyView, cancellationToken);

    public Task DeleteAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Wire.Path($"tenants/{tenantId}/policies/{name}"), null, cancellationToken);
}

/// <summary>What a tenant's tasks share.</summary>
public sealed class ResourceCalls
{
    private readonly Wire _wire;

    internal ResourceCalls(Wire wire) => _wire = wire;

    public IAsyncEnumerable<ResourceView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/resources"), ContractJson.Default.PageResourceView, cancellationToken);

    public Task<ResourceView> GetAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId, name), ContractJson.Default.ResourceView, cancellationToken);

    public Task<ResourceView> PutAsync(string tenantId, string name, ResourceRequest rules, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Put, Of(tenantId, name), rules, ContractJson.Default.ResourceRequest, ContractJson.Default.ResourceView, cancellationToken);

    public Task<ResourceView> HoldAsync(string tenantId, string name, string reason, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Of(tenantId, name) + "/hold", TenantCalls.Bytes(TenantCalls.Reason(reason)), ContractJson.Default.ResourceView, cancellationToken);

    /// <summary>Lets its tasks go on, a few at once first.</summary>
    public Task<ResourceView> ReleaseAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Of(tenantId, name) + "/release", null, ContractJson.Default.ResourceView, cancellationToken);

    private static string Of(string tenantId, string name) => Wire.Path($"tenants/{tenantId}/resources/{name}");
}
