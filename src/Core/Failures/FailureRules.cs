namespace Headgate.Core.Failures;

/// <summary>
/// The ordered rules of every classification. Order decides known traps: a refusal of rights inside a network message is auth
/// ("network timeout: permission denied"); a name that does not resolve is network, although it says "not found"; a lock is
/// resource, whatever else the text says.
/// </summary>
public static class FailureRules
{
    public static IReadOnlyList<FailureRule> Ordered { get; } =
    [
        new("rights refused", FailureClass.Auth,
            ["permission denied", "access denied", "access is denied", "unauthorized", "unauthorised", "forbidden", "authentication failed", "authentication failure", "wrong password", "incorrect password", "invalid password", "invalid credentials", "bad credentials", "invalid api key", "invalid token", "token expired", "token has expired", "credentials have expired", "not authorized", "not authorised", "login failed", "status code: 401", "status code: 403", "http 401", "http 403"],
            ["EACCES", "EPERM", "UNAUTHORIZED", "FORBIDDEN", "UNAUTHENTICATED", "PERMISSION_DENIED"],
            [33, 34, 77]),
        new("name does not resolve", FailureClass.Network,
            ["no such host", "host not found", "host could not be found", "could not resolve", "couldn't resolve", "name or service not known", "temporary failure in name resolution", "nodename nor servname", "name resolution"],
            ["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME"],
            [6, 68]),
        new("locked", FailureClass.Resource,
            ["already locked", "is locked", "locked by", "lock timeout", "could not acquire lock", "unable to create lock", "deadlock"],
            ["LOCK_CONFLICT", "SQLITE_BUSY", "EDEADLK"],
            [23]),
        new("throttled or exhausted", FailureClass.Resource,
            ["too many requests", "rate limit", "quota exceeded", "temporarily unavailable", "resource busy", "device or resource busy", "no space left", "disk full", "out of memory", "cannot allocate memory", "too many open files", "http 429", "status code: 429"],
            ["ENOSPC", "ENOMEM", "EMFILE", "ENFILE", "EBUSY", "EAGAIN", "EDQUOT", "RATE_LIMITED", "QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED"],
            [10, 32, 75, 137]),
        new("network named", FailureClass.Network,
            ["connection refused", "connection reset", "connection closed", "connection timed out", "connection aborted", "connection lost", "network is unreachable", "network unreachable", "network is down", "network timeout", "network error", "network share not found", "no route to host", "host is down", "host is unreachable", "broken pipe", "socket hang up", "tls handshake", "ssl handshake", "unexpected eof", "bad gateway", "service unavailable", "gateway timeout", "http 502", "http 503", "http 504"],
            ["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "ETIMEDOUT", "EPIPE", "NETWORK_ERROR", "SERVICE_UNAVAILABLE", "UPSTREAM_ERROR", "UNAVAILABLE"],
            [7, 12, 13, 14, 69]),
        new("wrong for good", FailureClass.Permanent,
            ["does not exist", "not found", "not be found", "no such file", "not a directory", "is a directory", "invalid repository", "invalid argument", "invalid option", "unknown option", "unrecognized option", "validation…failed", "failed…validation", "invalid…envelope", "envelope…invalid", "malformed", "syntax error", "not supported", "unsupported", "bad request", "invalid…schema", "schema…invalid", "schema violation", "does not match the schema", "missing…required", "required…missing"],
            ["ENOENT", "EINVAL", "ENOTDIR", "EISDIR", "EROFS", "ENOEXEC", "VALIDATION_ERROR", "NOT_FOUND", "CONFIGURATION_ERROR", "POLICY_DENIED", "INVALID_ARGUMENT"],
            [2, 20, 21, 22, 24, 30, 31, 41, 64, 65, 66, 67, 72, 78, 126, 127]),
        new("ran out of time", FailureClass.Timeout,
            ["timed out", "timeout", "deadline exceeded", "time limit exceeded"],
            ["TIMEOUT", "DEADLINE_EXCEEDED", "ETIME"],
            [11, 28, 124]),
        new("network in general", FailureClass.Network, ["network"], [], []),
        new("cancelled", FailureClass.Cancelled, ["cancelled by user", "canceled by user"], ["ECANCELED"], []),
    ];
}
