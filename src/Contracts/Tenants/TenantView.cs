using System.Text.Json.Serialization;

namespace Headgate.Contracts.Tenants;

/// <summary>Overrides of the plan's limits; null keeps the plan's.</summary>
/// <param name="Until">When all of them end; null: never.</param>
public sealed record LimitsRequest(
    int? MaxConcurrentRuns = null,
    int? MaxMonthlyRuns = null,
    int? MaxRepos = null,
    int? MaxMembers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxWaitingRuns = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ShadowLimitsView? Shadow = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxPolicies = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxKeys = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxAgents = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxSchedules = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BudgetView? Budget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetriesPerMinute = null);

/// <summary>Body of <c>POST /tenants</c>.</summary>
public sealed record CreateTenantRequest(string Id, string Name, string Plan, LimitsRequest? Limits = null);

/// <param name="Status"><c>active</c>, <c>paused</c>, <c>suspended</c> or <c>deactivated</c>.</param>
/// <param name="WaitingRuns">Runs that wait for a slot.</param>
/// <param name="Limits">The plan's, with the tenant's overrides.</param>
/// <param name="Warnings">Limits of this month that are nearly used up; null where none is.</param>
/// <param name="RetriesLeftThisMinute">Of the retries per minute; null where they have no bound.</param>
public sealed record TenantView(
    string Id,
    string Name,
    string Status,
    string Plan,
    LimitsView Limits,
    int InFlight,
    int RunsThisMonth,
    PauseView? Pause,
    DateTimeOffset CreatedAt,
    string ETag,
    DateTimeOffset? DeletedAt = null,
    int WaitingRuns = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LimitUseView>? Warnings = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetriesLeftThisMinute = null);

/// <param name="Code"><c>monthly-limit</c>, <c>budget-runs</c> or <c>budget-agent-seconds</c>.</param>
/// <param name="Used">In this UTC month.</param>
/// <param name="Limit">Of it.</param>
public sealed record LimitUseView(string Code, long Used, long Limit);

/// <summary>Body of <c>DELETE /tenants/{t}</c>.</summary>
/// <param name="Confirm">The tenant's id.</param>
public sealed record DeleteTenantRequest(string Confirm);

/// <param name="MaxConcurrentRuns">Runs in flight.</param>
/// <param name="MaxMonthlyRuns">Runs admitted in a UTC month.</param>
/// <param name="MaxRepos">Repositories.</param>
/// <param name="MaxMembers">Members.</param>
/// <param name="MaxWaitingRuns">Runs over the cap that are accepted to wait for a slot; 0: they are refused.</param>
/// <param name="Shadow">Limits that refuse nothing and tell what they would; null where there are none.</param>
/// <param name="MaxPolicies">Retry policies.</param>
/// <param name="MaxKeys">Keys of members.</param>
/// <param name="MaxAgents">Agents of the tenant alone.</param>
/// <param name="MaxSchedules">Schedules.</param>
/// <param name="Until">When the tenant's own limits end; null where they don't, or there are none.</param>
/// <param name="Budget">What the tenant wants to use at most in a month; null where it has none.</param>
/// <param name="RetriesPerMinute">Retries that may start in a minute; null: any.</param>
public sealed record LimitsView(
    int MaxConcurrentRuns,
    int MaxMonthlyRuns,
    int MaxRepos,
    int MaxMembers,
    int MaxWaitingRuns = 0,
    ShadowLimitsView? Shadow = null,
    int MaxPolicies = 0,
    int MaxKeys = 0,
    int MaxAgents = 0,
    int MaxSchedules = 0,
    DateTimeOffset? Until = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BudgetView? Budget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetriesPerMinute = null);

/// <summary>What a tenant wants to use at most in a UTC month; null: any.</summary>
public sealed record BudgetView(int? Runs = null, int? AgentSeconds = null);

public sealed record ShadowLimitsView(int? MaxConcurrentRuns = null, int? MaxMonthlyRuns = null);

public sealed record PauseView(string Reason, string Actor, DateTimeOffset At, DateTimeOffset? Until);

/// <summary>The answer to pause, resume, suspend, activate and deactivate.</summary>
public sealed record StatusChanged(bool Success, string Status, string Message);

/// <summary>Body of <c>POST /tenants/{t}/keys</c>.</summary>
/// <param name="Scopes">Permissions of the role that the key has; null: all of them.</param>
public sealed record CreateKeyRequest(string Name, string Role, DateTimeOffset? ExpiresAt = null, IReadOnlyList<string>? Scopes = null);

/// <summary>Body of <c>POST /tenants/{t}/keys/{keyId}/rotate</c>.</summary>
/// <param name="OverlapSeconds">How long the old key goes on, 0..604800.</param>
public sealed record RotateKeyRequest(int OverlapSeconds);

/// <summary>The only time a key is shown.</summary>
public sealed record KeyCreated(string KeyId, string Key, string Role, DateTimeOffset? ExpiresAt, IReadOnlyList<string>? Scopes = null)
{
    /// <summary>Without the key: texts of records end in logs.</summary>
    public override string ToString() => $"{nameof(KeyCreated)} {{ {nameof(KeyId)} = {KeyId}, {nameof(Role)} = {Role} }}";
}

/// <param name="LastUsedAt">To the hour; null while nobody used it.</param>
/// <param name="ReplacedBy">The key that took its place.</param>
public sealed record KeyView(
    string KeyId,
    string Name,
    string Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<string>? Scopes = null,
    DateTimeOffset? LastUsedAt = null,
    string? ReplacedBy = null);

/// <summary>The answer to <c>GET /me</c>.</summary>
/// <param name="Kind"><c>operator</c>, <c>member</c> or <c>agent</c>.</param>
/// <param name="Subject">The key's id, the person's name at the issuer, or the agent's id.</param>
/// <param name="TenantId">Null for operators, shared agents, and persons who named no tenant.</param>
/// <param name="Role">Of a member.</param>
/// <param name="Permissions">By name.</param>
/// <param name="ExpiresAt">When the credentials end; null: never.</param>
public sealed record MeView(string Kind, string Subject, string? TenantId, string? Role, IReadOnlyList<string> Permissions, DateTimeOffset? ExpiresAt);

/// <summary>A person of a tenant.</summary>
public sealed record MemberView(string Subject, string Role, string? Name, DateTimeOffset AddedAt);

/// <summary>Body of <c>PUT /tenants/{t}/members/{subject}</c>.</summary>
public sealed record MemberRequest(string Role, string? Name = null);

public sealed record PolicyView(string Name, int MaxRetries, double BaseSeconds, double MaxSeconds, double Jitter, double Factor);

/// <summary>Body of <c>PUT /tenants/{t}/policies/{name}</c>; null takes the built-in default.</summary>
public sealed record PolicyRequest(int? MaxRetries = null, double? BaseSeconds = null, double? MaxSeconds = null, double? Jitter = null, double? Factor = null);

/// <summary>A line of an exported audit.</summary>
/// <param name="Id">Its own.</param>
/// <param name="Sequence">Its place in the tenant's chain, from 1; null where the row is older than the chain.</param>
/// <param name="PreviousHash">The hash of the row before it, in hexadecimal digits; zeros in the first.</param>
/// <param name="Hash">Its own.</param>
public sealed record AuditLine(
    string Id,
    DateTimeOffset At,
    string Actor,
    string Action,
    string? Target,
    string? Reason,
    string? RequestId,
    long? Sequence,
    string? PreviousHash,
    string? Hash);

/// <summary>The answer to <c>GET /tenants/{t}/audit/verify</c>.</summary>
/// <param name="Rows">Rows of the chain that hold, from its end.</param>
/// <param name="From">When the first of them was; null where there is none.</param>
/// <param name="To">When the last was.</param>
/// <param name="Chain"><c>intact</c> or <c>broken</c>.</param>
/// <param name="BrokenAt">Where it does not hold; null where it does.</param>
/// <param name="Unchained">Rows that are older than the chain, which nothing proves.</param>
/// <param name="IsWhole">False where there are more rows than it looks at.</param>
/// <param name="PeakInFlight">The most slots taken at one instant since <paramref name="InFlightFrom"/>, counted anew from the runs.</param>
/// <param name="OverLimit">How often a slot was taken beyond the limit of that instant.</param>
/// <param name="Transitions">How many slots were taken and given back since.</param>
/// <param name="InFlightFrom">From when on every run is known; null where none is.</param>
/// <param name="InFlightTo">When a slot was last taken or given back.</param>
public sealed record AuditVerification(
    int Rows,
    DateTimeOffset? From,
    DateTimeOffset? To,
    string Chain,
    BrokenChain? BrokenAt,
    int Unchained,
    bool IsWhole,
    int PeakInFlight,
    int OverLimit,
    int Transitions,
    DateTimeOffset? InFlightFrom,
    DateTimeOffset? InFlightTo);

/// <param name="Sequence">Of the row that should be there; null where a row should not be there at all.</param>
/// <param name="Id">Of the row that is there instead; null where none is.</param>
/// <param name="At">That row's time.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record BrokenChain(long? Sequence, string? Id, DateTimeOffset? At, string Problem);

public sealed record AuditItem(DateTimeOffset At, string Actor, string Action, string? Target, string? Reason);
