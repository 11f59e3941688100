using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary><c>GET /tenants/{t}/dead-letters</c>.</summary>
public sealed class ListDeadLetters(DeadLetterStore letters, TenantReader tenants)
{
    [Function(nameof(ListDeadLetters))]
    [Access(Permission.DeadLetterRead)]
    [Query(QueryAttribute.Limit, QueryAttribute.After)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/dead-letters")] HttpRequest request,
        string tenantId,
        CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"dead-letters:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        var (items, more) = await letters.PageAsync(tenantId, paging.After, paging.Limit, cancellationToken);
        if (items.Count == 0 && await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return Reply.Ok(new Page<DeadLetterView>(items, more ? paging.Next(items[^1].Id) : null), ContractJson.Default.PageDeadLetterView);
    }
}
