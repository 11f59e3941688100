namespace Headgate.Functions.Options;

/// <summary>All settings of the app, under <c>Headgate:</c> (in environment variables <c>Headgate__</c>).</summary>
public sealed record HeadgateOptions
{
    public const string Section = "Headgate";

    public LeaseOptions Leases { get; init; } = new();

    public HeartbeatOptions Heartbeat { get; init; } = new();

    public ClaimOptions Claims { get; init; } = new();

    public AdmissionOptions Admission { get; init; } = new();

    public RepairOptions Repair { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    public AgentOptions Agents { get; init; } = new();

    public AlertOptions Alerts { get; init; } = AlertOptions.Default;

    public RateOptions Rate { get; init; } = new();

    public McpOptions Mcp { get; init; } = new();

    /// <summary>Null: no tokens are taken.</summary>
    public OidcOptions? Oidc { get; init; }
}

/// <param name="Write">Whether tools may change anything.</param>
/// <param name="Hosts">Names, with commas between, under which tools may be called beside the machine's own; empty: none. At most 500 characters.</param>
public sealed record McpOptions(bool Write = false, string Hosts = "");

/// <param name="SelfQuarantine">Whether an agent is put in quarantine on which tasks of a type fail while others complete them.</param>
public sealed record AgentOptions(bool SelfQuarantine = true);

/// <param name="Seconds">How long a handed-out task stays its agent's without a sign of life. 5..3600.</param>
public sealed record LeaseOptions(int Seconds = 30)
{
    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);
}

/// <param name="Seconds">How often agents are asked to report. 1..300, and at most half a lease.</param>
public sealed record HeartbeatOptions(int Seconds = 10)
{
    public TimeSpan Interval => TimeSpan.FromSeconds(Seconds);
}

/// <param name="MaxWaitSeconds">How long a claim may be held until work comes, whatever the agent allows. 0..30; 0 answers at once.</param>
public sealed record ClaimOptions(int MaxWaitSeconds = 0);

/// <param name="ConflictRetries">How often a change of a tenant's ledger that another process won is tried again. 0..50.</param>
/// <param name="IdempotencyHours">How long an idempotency key is remembered. 1..168.</param>
/// <param name="MaxHeldCalls">How many calls one process holds at the cap for <c>Prefer: wait</c>, of all tenants. 0..10000.</param>
/// <param name="UpgradeUrl">Where a tenant whose month is used up is sent. 1..200 characters.</param>
public sealed record AdmissionOptions(int ConflictRetries = 8, int IdempotencyHours = 24, string UpgradeUrl = "/billing/upgrade", int MaxHeldCalls = 50)
{
    public TimeSpan IdempotencyKept => TimeSpan.FromHours(IdempotencyHours);
}

/// <param name="PatienceSeconds">How old a live run must be before maintenance looks at it, and how long until it looks again. 1..3600.</param>
public sealed record RepairOptions(int PatienceSeconds = 30)
{
    public TimeSpan Patience => TimeSpan.FromSeconds(PatienceSeconds);
}

/// <param name="RunDays">How long finished runs are kept. 1..3650.</param>
/// <param name="DeadLetterDays">How long dead letters are kept. 1..3650, and no longer than runs.</param>
/// <param name="AuditDays">How long audit rows are kept. 1..3650.</param>
/// <param name="DeletedTenantDays">How long the rows of a deleted tenant are kept. 0..365.</param>
public sealed record RetentionOptions(int RunDays = 30, int DeadLetterDays = 30, int AuditDays = 365, int DeletedTenantDays = 7);
