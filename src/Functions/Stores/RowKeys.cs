namespace Headgate.Functions.Stores;

/// <summary>
/// The only builder of partition and row keys. Rows of one tenant live in that tenant's partition; a row elsewhere carries
/// <c>tenantId</c> as a column and is read through code that checks it.
/// </summary>
public static class RowKeys
{
    public const string Ledger = "!ledger";
    public const string Profile = "!profile";
    public const string PolicyPrefix = "!policy:";

    /// <summary>Stands while the ledger is suspected to count wrongly.</summary>
    public const string Drift = "!drift";

    /// <summary>Reads ledger, profile, policies and a suspected drift as one range.</summary>
    public const string TenantStatePrefix = "!";

    /// <summary>Partition of the tenants table that lists every tenant.</summary>
    public const string TenantDirectory = "!all";

    /// <summary>Partition of the tenants table for what the service remembers of its own rounds, whichever process makes them.</summary>
    public const string Service = "!service";

    /// <summary>Partition of the tenants table that lists the held resources of all tenants.</summary>
    public const string HeldResources = "!held";

    public const string LastSweep = "sweep";
    public const string LastRetention = "retention";

    public const string RunPrefix = "run:";
    public const string LivePrefix = "live:";
    public const string IdempotencyPrefix = "idem:";
    public const string KeyPrefix = "key:";
    public const string ApiKey = "!key";

    public const string ResourcePrefix = "resource:";
    public const string ReplayPrefix = "replay:";

    public const string TaskPrefix = "task:";
    public const string AttemptPrefix = "attempt:";

    public const string Agent = "!agent";
    public const string AgentLoad = "!load";
    public const string HoldingPrefix = "task:";
    public const string CancelPrefix = "cancel:";
    public const string TrackRecordPrefix = "type:";

    /// <summary>Owner partition of agents that serve every tenant, and the pool of tasks any of them may take.</summary>
    public const string SharedOwner = "!shared";

    public static string Policy(string name) => PolicyPrefix + name;

    public static string Run(string runId) => RunPrefix + runId;

    public static string Live(string runId) => LivePrefix + runId;

    public static string Idempotency(string sha256) => IdempotencyPrefix + sha256;

    public static string KeyOfTenant(string keyId) => KeyPrefix + keyId;

    public static string HeldResource(string tenantId, string name) => $"{tenantId}:{name}";

    public static string Resource(string name) => ResourcePrefix + name;

    public static string Replay(string replayId) => ReplayPrefix + replayId;

    public static string Task(string taskName) => TaskPrefix + taskName;

    public static string AttemptsOf(string taskName) => $"{AttemptPrefix}{taskName}:";

    public static string Attempt(string taskName, int attempt) => $"{AttemptPrefix}{taskName}:{attempt:D4}";

    public static string Holding(string taskId) => HoldingPrefix + taskId;

    public static string Cancel(string taskId) => CancelPrefix + taskId;

    public static string TrackRecord(string type) => TrackRecordPrefix + type;

    /// <summary>The pool a ready task waits in: its tenant's.</summary>
    public static string Pool(string tenantId) => "t:" + tenantId;
}
