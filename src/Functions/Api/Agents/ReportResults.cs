using System.Runtime.InteropServices;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Core.Failures;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Agents;

/// <summary><c>POST /agents/{a}/task-results</c>: one result, or up to 100, each judged alone.</summary>
public sealed class ReportResults(AttemptSettler settler, RunWaker waker, AgentDesk desk, SuspectAgents suspects)
{
    internal const int MaxResults = 100;

    [Function(nameof(ReportResults))]
    [AgentOnly]
    [Does("Report how attempts ended"), Takes(typeof(TaskResult), typeof(TaskResultsRequest)), Headers(AgentSession.Header)]
    [Answers(200, typeof(TaskResultAnswer)), Answers(200, typeof(TaskResultsAnswer)), Refuses("task-not-found stale-attempt")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agents/{agentId}/task-results")] HttpRequest request,
        string agentId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var session = SessionHeader.Read(request, out var refusal);
        if (refusal is not null)
            return Reply.Refused(refusal);
        desk.Heard(agentId, session);
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        var isBatch = reader.Has("results");
        var reports = isBatch
            ? (reader.Objects("results", 1, MaxResults) ?? []).Select(item => Ended(item, ResultReader.Read(item, agentId))).ToList()
            : [ResultReader.Read(reader, agentId)];
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        var results = await settler.SettleAsync(reports, cancellationToken);
        // Repeats too: whoever settled it may have ended before it could say so.
        await waker.WakeAsync(client, results.OfType<ReportResult.Settled>().Select(settled => settled.Run), CancellationToken.None);
        await suspects.JudgeAsync(agentId, results, request.HttpContext.TraceIdentifier);
        return isBatch ? Batch(reports, results) : Single(reports[0], results[0]);
    }

    private static AttemptReport Ended(ObjectReader item, AttemptReport report)
    {
        item.End();
        return report;
    }

    private static Reply Single(AttemptReport report, ReportResult result) => result switch
    {
        ReportResult.Settled settled => Reply.Ok(new TaskResultAnswer(settled.Answer, settled.NextRetryAt), ContractJson.Default.TaskResultAnswer),
        ReportResult.Stale stale => Reply.Refused(StaleAttempt(report, stale)),
        _ => Reply.Refused(Refusals.TaskNotFound(report.TaskId)),
    };

    private static Reply Batch(List<AttemptReport> reports, ReportResult[] results)
    {
        var entries = reports.Zip(results, Entry).ToList();
        return Reply.Ok(new TaskResultsAnswer(entries), ContractJson.Default.TaskResultsAnswer);
    }

    private static TaskResultEntry Entry(AttemptReport report, ReportResult result)
    {
        if (result is ReportResult.Settled settled)
            return new TaskResultEntry(report.TaskId, report.Attempt, settled.Answer, settled.NextRetryAt);
        var refusal = result is ReportResult.Stale stale ? StaleAttempt(report, stale) : Refusals.TaskNotFound(report.TaskId);
        return new TaskResultEntry(report.TaskId, report.Attempt, null, null, refusal.Code, refusal.Error);
    }

    private static Refusal StaleAttempt(AttemptReport report, ReportResult.Stale stale) =>
        new Refusal(409, "stale-attempt", "The attempt has been settled before")
            .With("taskId", report.TaskId)
            .With("attempt", report.Attempt)
            .With("currentAttempt", stale.CurrentAttempt);
}

/// <summary>Reads one result. A failure keeps a known class; otherwise it is classified from exit code and text, here and only here.</summary>
public static class ResultReader
{
    private const int MaxOutputBytes = 32 * 1024;
    private const int MaxLog = 256 * 1024;
    internal const double LongestSeconds = 10 * 86_400;
    internal static readonly TextRule TaskIdText = TextRule.Plain(200);
    internal static readonly TextRule Status = TextRule.OneOf("success", "failure", "cancelled", "released");
    internal static readonly TextRule Category = TextRule.Plain(32);
    internal static readonly TextRule Text = TextRule.Free(MaxLog);

    /// <summary>The caller ends the reader and looks at its problems.</summary>
    public static AttemptReport Read(ObjectReader body, string agentId)
    {
        var taskId = body.String("taskId", TaskIdText, required: true) ?? "";
        var attempt = body.Int("attempt", 1, int.MaxValue, required: true) ?? 0;
        var status = body.String("status", Status, required: true);
        var category = body.String("errorCategory", Category);
        var message = body.String("errorMessage", Text);
        var exitCode = body.Int("exitCode", int.MinValue, int.MaxValue);
        var duration = body.Number("durationSeconds", 0, LongestSeconds, required: true);
        var log = body.String("log", Text);
        var output = body.Raw("output", MaxOutputBytes);
        var retryAfter = body.Int("retryAfterSeconds", 0, ResourceSignal.RetryAfterCeiling);
        return new AttemptReport(
            taskId,
            attempt,
            agentId,
            status switch
            {
                "failure" => new AttemptOutcome.FailedWith(ClassOf(category, exitCode, message, log), message ?? Described(exitCode)),
                "cancelled" => new AttemptOutcome.WasCancelled(message),
                "released" => new AttemptOutcome.Released(message ?? "The agent gave it back before it was started."),
                _ => new AttemptOutcome.Succeeded(),
            },
            ExitCode: exitCode,
            DurationSeconds: duration,
            Log: log,
            Output: output is { } json ? JsonMarshal.GetRawUtf8Value(json).ToArray() : null,
            RetryAfterSeconds: retryAfter);
    }

    private static FailureClass ClassOf(string? category, int? exitCode, string? message, string? log) =>
        FailureClasses.TryParse(category, out var known)
            ? known
            : FailureClassifier.Classify(new FailureEvidence(exitCode, category, message ?? log));

    private static string? Described(int? exitCode) => exitCode is null ? null : $"Exit code {exitCode}";
}
