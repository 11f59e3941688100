using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Agent.Attempts;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>Checks a repository's structure, and so many percent of its data. The exit code alone decides.</summary>
internal sealed class CheckTask(ResticProgram restic) : ITaskType
{
    /// <summary>As exact as restic is told.</summary>
    private const double LeastPercent = 0.001;

    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var read = new ResticPayload(restic, attempt.Task.Payload, problems);
        var repository = read.Repository();
        var percent = read.Number("readDataPercent", 100) ?? 0;
        read.End();
        if (percent is > 0 and < LeastPercent)
            problems.Add("readDataPercent", string.Create(CultureInfo.InvariantCulture, $"must be 0, or at least {LeastPercent}"));
        if (problems.Any || repository is null)
            return TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}");

        string[] data = percent switch
        {
            0 => [],
            100 => ["--read-data"],
            _ => [string.Create(CultureInfo.InvariantCulture, $"--read-data-subset={percent:0.###}%")],
        };
        var end = await restic.RunAsync(repository, ["check", "--json", .. data], attempt, marker, line: null, stop);
        return end.Code == 0 ? new TaskOutcome.Succeeded(Describe(percent), end.Log, 0) : end.Outcome();
    }

    private static JsonElement Describe(double percent) => JsonSerializer.SerializeToElement(new JsonObject { ["errors"] = 0, ["readDataPercent"] = percent });
}
