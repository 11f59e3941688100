using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>Backs up files and folders inside the allowed paths. A source that could be read only in part completes, with warnings.</summary>
internal sealed class BackupTask(ResticProgram restic, AllowedPaths paths) : ITaskType
{
    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var read = new ResticPayload(restic, attempt.Task.Payload, problems);
        var repository = read.Repository();
        var sources = read.Paths("paths").Select(path => Source(path, problems)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var tags = read.Tags("tags");
        var exclude = read.Patterns("exclude");
        read.End();
        if (problems.Any || repository is null)
            return TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}");

        string[] arguments = ["backup", "--json", .. tags.Select(tag => $"--tag={tag}"), .. exclude.Select(pattern => $"--exclude={pattern}"), "--", .. sources];
        var end = await restic.RunAsync(repository, arguments, attempt, marker, line: null, stop);
        if (end.Code is 0 or ResticEnd.Incomplete && sources.Find(source => paths.Resolve(source, out _) != source) is { } changed)
            return new TaskOutcome.Failed("permanent", $"'{changed}' changed while it was backed up: what was read may lie elsewhere", end.Code, end.Log);
        return end.Code is 0 or ResticEnd.Incomplete && end.Summary is { } summary ? new TaskOutcome.Succeeded(Describe(summary, end), end.Log, end.Code) : end.Outcome();
    }

    // The real path is backed up, so that a link in the path asked for may move on. restic opens by name: a folder that becomes a link
    // meanwhile would lead it elsewhere, so the real path is resolved again afterwards.
    private string? Source(string asked, Problems problems)
    {
        if (paths.Resolve(asked, out var refusal) is not { } real)
            problems.Add("paths", refusal);
        else if (Path.Exists(real))
            return real;
        else
            problems.Add("paths", $"'{asked}' does not exist");
        return null;
    }

    private static JsonElement Describe(JsonElement summary, ResticEnd end)
    {
        var output = new JsonObject();
        foreach (var (name, field) in (ReadOnlySpan<(string, string)>)
        [
            ("snapshotId", "snapshot_id"), ("filesNew", "files_new"), ("filesChanged", "files_changed"), ("filesUnmodified", "files_unmodified"), ("filesProcessed", "total_files_processed"),
            ("bytesAdded", "data_added"), ("bytesProcessed", "total_bytes_processed"), ("durationSeconds", "total_duration"),
        ])
        {
            if (summary.TryGetProperty(field, out var value))
                output[name] = JsonNode.Parse(value.GetRawText());
        }

        output["warnings"] = end.Warnings.Count;
        if (end.Warnings.Count > 0)
            output["firstWarnings"] = new JsonArray([.. end.Warnings.First.Select(text => JsonValue.Create(text))]);
        return JsonSerializer.SerializeToElement(output);
    }
}
