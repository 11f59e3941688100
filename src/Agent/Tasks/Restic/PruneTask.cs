using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.Agent.Attempts;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// Forgets snapshots beyond what is to be kept and removes their data. Without a rule there is nothing that it could forget, so one is
/// required. restic tells of this in text only.
/// </summary>
internal sealed partial class PruneTask(ResticProgram restic) : ITaskType
{
    private const int MostKept = 10_000;

    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var read = new ResticPayload(restic, attempt.Task.Payload, problems);
        var repository = read.Repository();
        var rules = new List<string>();
        foreach (var (field, option) in (ReadOnlySpan<(string, string)>)[("keepLast", "last"), ("keepDaily", "daily"), ("keepWeekly", "weekly"), ("keepMonthly", "monthly"), ("keepYearly", "yearly")])
        {
            if (read.Whole(field, MostKept) is > 0 and var keep)
                rules.Add(string.Create(CultureInfo.InvariantCulture, $"--keep-{option}={keep}"));
        }

        read.End();
        if (rules.Count == 0)
            problems.Add("", "one of keepLast, keepDaily, keepWeekly, keepMonthly and keepYearly must be 1 or more");
        if (problems.Any || repository is null)
            return TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}");

        var (kept, removed, freed) = (0, 0, 0L);
        var end = await restic.RunAsync(
            repository,
            ["forget", "--prune", .. rules],
            attempt,
            marker,
            line =>
            {
                kept += Count(Kept(), line);
                removed += Count(Removed(), line);
                freed += Bytes(line);
            },
            stop);
        return end.Code == 0
            ? new TaskOutcome.Succeeded(JsonSerializer.SerializeToElement(new JsonObject { ["snapshotsKept"] = kept, ["snapshotsRemoved"] = removed, ["bytesFreed"] = freed }), end.Log, 0)
            : end.Outcome();
    }

    private static int Count(Regex form, string line) =>
        form.Match(line) is { Success: true } match && int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>As exact as restic prints it: to a thousandth of its unit.</summary>
    internal static long Bytes(string line)
    {
        if (Freed().Match(line) is not { Success: true } match)
            return 0;
        var power = "KMGTPE".IndexOf(match.Groups["unit"].Value, StringComparison.Ordinal) + 1;
        return (long)(double.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture) * (match.Groups["unit"].Value.Length == 0 ? 1 : Math.Pow(1024, power)));
    }

    [GeneratedRegex(@"^keep (?<number>\d+) snapshots:", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kept();

    [GeneratedRegex(@"^remove (?<number>\d+) snapshots:", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Removed();

    [GeneratedRegex(@"^total prune: .*/ (?<size>\d+(\.\d+)?) (?<unit>[KMGTPE]?)i?B$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Freed();
}
