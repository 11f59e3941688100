using System.Runtime.InteropServices;
using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Agents;

/// <summary>Reads one result. A failure keeps a known class; otherwise it is classified from exit code and text, here and only here.</summary>
public static class ResultReader
{
    private const int MaxOutputBytes = 32 * 1024;
    private const int MaxLog = 256 * 1024;
    private const double LongestSeconds = 10 * 86_400;
    private static readonly TextRule TaskIdText = TextRule.Plain(200);
    private static readonly TextRule Status = TextRule.OneOf("success", "failure", "cancelled", "released");
    private static readonly TextRule Category = TextRule.Plain(32);
    private static readonly TextRule Text = TextRule.Free(MaxLog);

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
            Output: output is { } json ? JsonMarshal.GetRawUtf8Value(json).ToArray() : null);
    }

    private static FailureClass ClassOf(string? category, int? exitCode, string? message, string? log) =>
        FailureClasses.TryParse(category, out var known)
            ? known
            : FailureClassifier.Classify(new FailureEvidence(exitCode, category, message ?? log));

    private static string? Described(int? exitCode) => exitCode is null ? null : $"Exit code {exitCode}";
}
