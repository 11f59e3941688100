using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>The persons of a tenant, by the name that the token issuer gives them.</summary>
public sealed class MemberCalls
{
    private readonly Wire _wire;

    internal MemberCalls(Wire wire) => _wire = wire;

    public IAsyncEnumerable<MemberView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/members"), ContractJson.Default.PageMemberView, cancellationToken);

    public Task<MemberView> GetAsync(string tenantId, string subject, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId, subject), ContractJson.Default.MemberView, cancellationToken);

    /// <summary>Adds a person, or changes the one that is there.</summary>
    public Task<MemberView> PutAsync(string tenantId, string subject, MemberRequest member, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Put, Of(tenantId, subject), member, ContractJson.Default.MemberRequest, ContractJson.Default.MemberView, cancellationToken);

    public Task RemoveAsync(string tenantId, string subject, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Of(tenantId, subject), null, cancellationToken);

    private static string Of(string tenantId, string subject) => Wire.Path($"tenants/{tenantId}/members/{subject}");
}
