using System.Globalization;
using System.Text;

namespace Headgate.Simulation.Observed;

/// <summary>A report to be read by people.</summary>
internal static class ReportText
{
    public static string Of(Report report)
    {
        var text = new StringBuilder();
        Line(text, "simulated", $"{report.Options.Tenants:N0} tenants, {report.Options.Agents:N0} agents of {report.Agents.Slots} slots, {report.Options.Hours:0.##} h of submissions, {report.VirtualHours:0.##} h to the end, seed {report.Options.Seed}");
        Line(text, "submissions", $"{report.Submissions.Made:N0}: {report.Submissions.Admitted:N0} admitted, {report.Submissions.GivenUp:N0} given up; {report.Submissions.Repeated:N0} sent twice");
        Line(text, "refusals", Join(report.Refusals));
        Line(text, "runs", Join(report.Runs));
        Line(text, "tasks", Join(report.Tasks));
        Line(text, "attempts", $"{report.Attempts.HandedOut:N0} handed out; {Join(report.Attempts.Outcomes)}");
        Line(text, "failures", Join(report.Attempts.Failures));
        Line(text, "retries", Join(report.Attempts.Retries));
        Line(text, "dead letters", $"{report.DeadLetters.Letters:N0} for {report.DeadLetters.Tasks:N0} tasks");
        Line(text, "agents", $"silent: {Join(report.Agents.Outages)}; {report.Agents.LeasesLost:N0} attempts lost; too late: {Join(report.Agents.ResultsTooLate)}; held at most {report.Agents.HighestHeld} of {report.Agents.Slots}");
        Line(text, "operators", $"{report.Submissions.TenantsStopped:N0} pauses and suspensions; {report.Submissions.CancelsAsked:N0} cancels");
        foreach (var plan in report.Plans)
            Line(text, plan.Plan, $"{plan.Tenants:N0} tenants, highest in flight {plan.HighestInFlight} of {plan.Cap}, reached by {plan.TenantsAtTheCap:N0}");
        Wait(text, "ready to assigned", report.ReadyToAssigned);
        Wait(text, "submit to finished", report.SubmitToFinished);
        Line(text, "service", $"{report.Service.Requests:N0} requests, {report.Service.LogWrites:N0} log writes, {report.Service.TimerRings:N0} timers");
        Line(text, "warnings", Join(report.Service.Warnings));
        Line(text, "errors", Join(report.Service.Errors));
        foreach (var error in report.Service.FirstErrors)
            text.AppendLine(error);
        foreach (var check in report.Checks)
        {
            Line(text, check.Broken == 0 ? "holds" : "BROKEN", $"{check.Rule} ({check.Looked:N0} looked at, {check.Broken:N0} broken)");
            foreach (var broken in check.Cases)
                text.Append("    ").AppendLine(broken);
        }

        Line(text, "transcript", report.Transcript);
        return text.ToString();
    }

    private static void Wait(StringBuilder text, string name, WaitFigures wait) =>
        Line(text, name, $"p50 {wait.P50:0.###} s, p95 {wait.P95:0.###} s, p99 {wait.P99:0.###} s, max {wait.Max:0.###} s over {wait.Count:N0}");

    private static void Line(StringBuilder text, string name, FormattableString value) =>
        Line(text, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(20)).AppendLine(value);

    private static string Join(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")));
}
