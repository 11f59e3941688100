using Headgate.Core.Access;
using Headgate.Core.Validation;

namespace Headgate.Functions.Wire;

/// <summary>The refusals that more than one function gives.</summary>
public static class Refusals
{
    public static readonly Refusal Unauthenticated =
        new Refusal(401, "unauthenticated", "Authentication required").WithHeader("WWW-Authenticate", "Bearer");

    /// <summary>The key may be the operator's, which the vault has not given to this process. The process that has it is another.</summary>
    public static readonly Refusal OperatorKeyUnresolved =
        new(503, "operator-key-unresolved", "The operator's key is not known yet. Try again later.") { RetryAfter = 30 };

    /// <summary>Nothing is known of the issuer's keys, and it does not answer: nobody's token can be judged.</summary>
    public static readonly Refusal IssuerUnavailable =
        new(503, "issuer-unavailable", "The issuer of tokens cannot be reached. Try again later.") { RetryAfter = 5 };

    public static readonly Refusal BodyTooLarge = new(413, "body-too-large", "Request body is larger than 256 KiB");

    public static readonly Refusal RouteNotFound = new(404, "not-found", "Not found");

    /// <summary>A bug; what went wrong is in the log under the request id.</summary>
    public static readonly Refusal InternalError = new(500, "internal-error", "Internal error");

    public static readonly Refusal IdempotencyMismatch = new(422, "idempotency-mismatch", "The Idempotency-Key was used before with another body");

    /// <summary>The row was changed by others again and again.</summary>
    public static readonly Refusal Busy = new(503, "busy", "Too many changes at once. Try again.") { RetryAfter = 1 };

    public static Refusal InvalidBody(Problems problems) => new(400, "invalid-request", "Invalid request body") { Details = problems.Items };

    /// <summary>For the query string and headers.</summary>
    public static Refusal InvalidRequest(Problems problems) => new(400, "invalid-request", "Invalid request") { Details = problems.Items };

    public static Refusal InvalidRequest(string path, string message)
    {
        var problems = new Problems();
        problems.Add(path, message);
        return InvalidRequest(problems);
    }

    public static Refusal InsufficientPermission(Permission permission, string role) =>
        new Refusal(403, "insufficient-permission", "Forbidden")
            .With("message", $"Insufficient permissions for action: {permission.WireName()}")
            .With("requiredAction", permission.WireName())
            .With("userRole", role);

    public static Refusal TenantNotFound(string tenantId) => NotFound("Tenant", "tenant-not-found", "tenantId", tenantId);

    /// <summary>A deleted tenant whose rows are going now: nothing takes that back.</summary>
    public static Refusal BeingRemoved(string tenantId) => new Refusal(409, "being-removed", "Tenant is being removed").With("tenantId", tenantId);

    public static Refusal RunNotFound(string runId) => NotFound("Run", "run-not-found", "runId", runId);

    public static Refusal TaskNotFound(string taskId) => NotFound("Task", "task-not-found", "taskId", taskId);

    public static Refusal AgentNotFound(string agentId) => NotFound("Agent", "agent-not-found", "agentId", agentId);

    public static Refusal MemberNotFound(string subject) => NotFound("Member", "member-not-found", "subject", subject);

    public static Refusal NotFound(string kind, string code, string field, string id) => new Refusal(404, code, $"{kind} not found").With(field, id);

    public static Refusal MethodNotAllowed(string allow) =>
        new Refusal(405, "method-not-allowed", "Method not allowed").WithHeader("Allow", allow);

    public static Refusal PreconditionFailed(string current) =>
        new Refusal(412, "precondition-failed", "The resource has changed since it was read").WithHeader("ETag", current);

    /// <param name="retryAfter">Rounded up to whole seconds, at least 1.</param>
    public static Refusal StoreUnavailable(TimeSpan retryAfter) =>
        new(503, "store-unavailable", "Storage cannot be reached. Try again later.") { RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)) };
}
