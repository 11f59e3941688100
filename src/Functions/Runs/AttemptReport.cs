using Headgate.Core.Runs;

namespace Headgate.Functions.Runs;

/// <summary>An attempt's end as an agent reports it, or as the server judges it.</summary>
/// <param name="AgentId">Who must hold the task for the report to count.</param>
/// <param name="ByServer">The server's own judgement (a lost lease).</param>
/// <param name="Log">Of a longer one, only the last <see cref="LogLimit"/> characters are stored.</param>
/// <param name="Output">JSON.</param>
/// <param name="RetryAfterSeconds">For how long what the task names asked to be left alone.</param>
public sealed record AttemptReport(
    string TaskId,
    int Attempt,
    string AgentId,
    AttemptOutcome Outcome,
    bool ByServer = false,
    int? ExitCode = null,
    double? DurationSeconds = null,
    string? Log = null,
    byte[]? Output = null,
    int? RetryAfterSeconds = null)
{
    public const int LogLimit = 30 * 1024;

    public static AttemptReport Lost(string agentId, string taskId, int attempt, string why, bool wasListed = false) =>
        new(taskId, attempt, agentId, new AttemptOutcome.Lost(why, wasListed), ByServer: true);
}

/// <summary>What became of a report; a closed set.</summary>
public abstract record ReportResult
{
    private ReportResult()
    {
    }

    /// <param name="Answer">As the agent is told.</param>
    /// <param name="IsRepeat">The same report had been settled before.</param>
    public sealed record Settled(string TenantId, string RunId, string Answer, DateTimeOffset? NextRetryAt, bool IsRepeat) : ReportResult
    {
        /// <summary>Where tasks of this type now fail on the agent again and again: the type. Set once for so many failures.</summary>
        public string? SuspectType { get; init; }

        public RunReference Run => new(TenantId, RunId);
    }

    /// <summary>A newer attempt exists, or the server settled this one.</summary>
    public sealed record Stale(int CurrentAttempt) : ReportResult;

    /// <summary>No such task, or not this agent's.</summary>
    public sealed record NotFound : ReportResult;
}
