using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary><c>DELETE /tenants/{t}/dead-letters/{id}</c>: it will not be replayed. The run and its attempts stay.</summary>
public sealed class DismissDeadLetter(DeadLetterStore letters)
{
    [Function(nameof(DismissDeadLetter))]
    [Access(Permission.DeadLetterReplay)]
    [Audits(AuditAction.DeadLetterDismissed)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/dead-letters/{deadLetterId}")] HttpRequest request,
        string tenantId,
        string deadLetterId,
        CancellationToken cancellationToken) =>
        await letters.RemoveAsync(tenantId, deadLetterId, cancellationToken)
            ? Reply.NoContent()
            : Reply.Refused(Replay.NotFound(deadLetterId));
}
