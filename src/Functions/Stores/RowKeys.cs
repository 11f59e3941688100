using System.Globalization;

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

    /// <summary>Stands once the tenant has started a retry while it had a bound on them.</summary>
    public const string TenantRetries = "!retries";

    /// <summary>In a run's partition: stands once it has started a retry, if it has a budget of them.</summary>
    public const string RunRetries = "retries";

    /// <summary>Reads ledger, profile, policies, a suspected drift and counted retries as one range.</summary>
    public const string TenantStatePrefix = "!";

    /// <summary>Partition of the tenants table that lists every tenant.</summary>
    public const string TenantDirectory = "!all";

    /// <summary>Partition of the tenants table for what the service remembers of its own rounds, whichever process makes them.</summary>
    public const string Service = "!service";

    /// <summary>Partition of the tenants table that lists the held resources of all tenants.</summary>
    public const string HeldResources = "!held";

    /// <summary>Partition of the tenants table for how alerts are, and who is to be told.</summary>
    public const string Alerts = "!alerts";

    public const string AlertRound = "!round";
    public const string AlertMinutePrefix = "minute:";
    public const string AlertMessagePrefix = "message:";
    public const string AlertReceiverPrefix = "receiver:";
    public const string AlertRulePrefix = "rule:";

    /// <summary>Partition of the tenants table that lists the pauses with an end.</summary>
    public const string PauseEnds = "!paused";

    /// <summary>Partition of the tenants table that lists the tenants whose rows are to be removed.</summary>
    public const string DeletedTenants = "!deleted";

    /// <summary>Partition of the tenants table for answers to calls that make what belongs to no tenant yet, or to none.</summary>
    public const string Answers = "!answers";

    public const string LastSweep = "sweep";
    public const string LastRetention = "retention";

    /// <summary>Tallies of objectives by pieces of a few minutes.</summary>
    public const string ShortTallyPrefix = "slo:short:";

    /// <summary>Tallies of objectives by hours.</summary>
    public const string LongTallyPrefix = "slo:hour:";

    /// <summary>The last row of a tenant's audit that is in its chain.</summary>
    public const string AuditHead = "!chain";

    /// <summary>The last row of a tenant's audit that is not kept any more.</summary>
    public const string AuditAnchor = "!anchor";

    public const string AuditWaitingPrefix = "!new:";

    /// <summary>The first key that a row in an audit's chain, or one older than it, can have.</summary>
    public static string AuditRows => "0";

    private static string TallyTime => "yyyyMMddHHmm";

    public const string RunPrefix = "run:";
    public const string LivePrefix = "live:";
    public const string WaitPrefix = "wait:";
    public const string IdempotencyPrefix = "idem:";
    public const string KeyPrefix = "key:";
    public const string ApiKey = "!key";

    /// <summary>Partition and row of the keys table that change whenever a key ends or its life is shortened.</summary>
    public const string KeyChanges = "!changed";

    public const string MemberPrefix = "member:";

    public const string SchedulePrefix = "schedule:";

    /// <summary>Partition of the tenants table that lists the schedules of all tenants by when they are due.</summary>
    public const string DueSchedules = "!due";

    public const string ResourcePrefix = "resource:";
    public const string ReplayPrefix = "replay:";

    /// <summary>Pieces of a tenant's days that are over, in the table of tenants: they change with the ledger.</summary>
    public const string UsagePrefix = "usage:";

    /// <summary>What a tenant was refused by day, in the table of usage.</summary>
    public const string RefusalsPrefix = "refused:";

    /// <summary>The form of a day in a key.</summary>
    public static string UsageDay => "yyyy-MM-dd";

    public const string TaskPrefix = "task:";
    public const string AttemptPrefix = "attempt:";

    public const string Agent = "!agent";
    public const string AgentLoad = "!load";
    public const string HoldingPrefix = "task:";
    public const string CancelPrefix = "cancel:";
    public const string TrackRecordPrefix = "type:";

    /// <summary>Partition of the table of agents by owner that lists the agents which serve every tenant.</summary>
    public const string SharedOwner = "!shared";

    /// <param name="begin">Of the piece.</param>
    public static string ShortTally(DateTimeOffset begin) => ShortTallyPrefix + begin.UtcDateTime.ToString(TallyTime, CultureInfo.InvariantCulture);

    /// <param name="begin">Of the hour.</param>
    public static string LongTally(DateTimeOffset begin) => LongTallyPrefix + begin.UtcDateTime.ToString(TallyTime, CultureInfo.InvariantCulture);

    /// <summary>The beginning that a tally's key names; null where it is none.</summary>
    public static DateTimeOffset? TimeOfTally(string key) =>
        DateTimeOffset.TryParseExact(key.AsSpan(key.LastIndexOf(':') + 1), TallyTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begin) ? begin : null;

    /// <summary>Under the inverted digits of an id of the form that lists newest first: these list oldest first.</summary>
    public static string AuditWaiting(string id) =>
        AuditWaitingPrefix + string.Create(id.Length, id, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = "fedcba9876543210"[Convert.ToInt32(from.Substring(i, 1), 16)];
        });

    public static string Policy(string name) => PolicyPrefix + name;

    public static string Run(string runId) => RunPrefix + runId;

    public static string Live(string runId) => LivePrefix + runId;

    /// <param name="place">A place in the tenant's queue of waiting runs.</param>
    public static string Wait(int place) => $"{WaitPrefix}{place:D10}";

    public static string Idempotency(string sha256) => IdempotencyPrefix + sha256;

    public static string KeyOfTenant(string keyId) => KeyPrefix + keyId;

    public static string HeldResource(string tenantId, string name) => $"{tenantId}:{name}";

    public static string AlertRule(string ruleId) => AlertRulePrefix + ruleId;

    public static string AlertReceiver(string name) => AlertReceiverPrefix + name;

    public static string AlertMinute(long minute, string process) => $"{AlertMinutePrefix}{minute:D10}:{process}";

    public static string AlertMessagesOf(string receiver) => $"{AlertMessagePrefix}{receiver}:";

    public static string AlertMessage(string receiver, DateTimeOffset at, string ruleId) => $"{AlertMessagesOf(receiver)}{at.ToUnixTimeMilliseconds():D13}-{ruleId}";

    public static string Schedule(string name) => SchedulePrefix + name;

    /// <summary>In the order of time; neither a tenant's id nor a schedule's name has a colon.</summary>
    public static string DueSchedule(DateTimeOffset at, string tenantId, string name) => $"{at.ToUnixTimeMilliseconds():D14}:{tenantId}:{name}";

    /// <summary>Behind every key of schedules that are due then, and before all others.</summary>
    public static string DueAfter(DateTimeOffset at) => $"{Math.Max(at.ToUnixTimeMilliseconds() + 1, 0):D14}:";

    public static string Resource(string name) => ResourcePrefix + name;

    public static string Replay(string replayId) => ReplayPrefix + replayId;

    public static string Usage(DateOnly day, int number) => $"{UsageOf(day)}:{number:D6}";

    /// <summary>The first that a piece of the day or of a later one can have.</summary>
    public static string UsageOf(DateOnly day) => UsagePrefix + day.ToString(UsageDay, CultureInfo.InvariantCulture);

    public static string Refusals(DateOnly day) => RefusalsPrefix + day.ToString(UsageDay, CultureInfo.InvariantCulture);

    /// <summary>What the keys of a month's days begin with.</summary>
    public static string RefusalsOf(DateOnly month) => RefusalsPrefix + month.ToString("yyyy-MM-", CultureInfo.InvariantCulture);

    public static string Task(string taskName) => TaskPrefix + taskName;

    public static string AttemptsOf(string taskName) => $"{AttemptPrefix}{taskName}:";

    public static string Attempt(string taskName, int attempt) => $"{AttemptPrefix}{taskName}:{attempt:D4}";

    public static string Holding(string taskId) => HoldingPrefix + taskId;

    public static string Cancel(string taskId) => CancelPrefix + taskId;

    public static string TrackRecord(string type) => TrackRecordPrefix + type;

    /// <summary>Partition of the ready table: the ready tasks of one tenant.</summary>
    public static string Pool(string tenantId) => "t:" + tenantId;
}
