using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// Archives files and folders. Everything read and the file written lie inside the allowed paths. The output appears complete or
/// not at all, and the output itself is never part of the archive.
/// </summary>
internal sealed class ArchiveTask(AllowedPaths paths, UnfinishedArchives unfinished) : ITaskType
{
    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var payload = ArchivePayload.Read(attempt.Task.Payload, problems);
        var roots = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var asked in Outermost(payload.Paths))
        {
            if (paths.Resolve(asked, out var refusal) is not { } real)
                problems.Add("paths", refusal);
            else if (!Path.Exists(real))
                problems.Add("paths", $"'{asked}' does not exist");
            else
                roots[asked] = real;
        }

        var output = payload.Output.Length == 0 ? null : Output(payload.Output, problems);
        return problems.Any || output is null
            ? TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}")
            : await WriteAsync(roots, payload, output, stop);
    }

    private string? Output(string asked, Problems problems)
    {
        var output = paths.ResolveEntry(asked, out var refusal);
        if (output is null)
            problems.Add("output", refusal);
        else if (Directory.Exists(output) || !Directory.Exists(Path.GetDirectoryName(output)))
            problems.Add("output", $"'{asked}' must be a file in an existing folder");
        return output;
    }

    private async Task<TaskOutcome> WriteAsync(Dictionary<string, string> roots, ArchivePayload payload, string output, CancellationToken stop)
    {
        var unreadable = new Unreadable(payload.SkipUnreadable);
        var tree = new ArchiveTree(payload.Exclude, output, unreadable);
        try
        {
            using var file = unfinished.Begin(output);
            var entries = roots.OrderBy(r => r.Key, StringComparer.Ordinal).SelectMany(r => tree.Walk(r.Value, r.Key));
            var facts = await ArchiveWriter.WriteAsync(file.Path, entries, paths, unreadable, stop);
            stop.ThrowIfCancellationRequested();
            File.Move(file.Path, output, overwrite: true);
            if (OperatingSystem.IsLinux())
                Posix.FlushFolder(Path.GetDirectoryName(output)!);
            return new TaskOutcome.Succeeded(Describe(payload.Output, facts, unreadable));
        }
        catch (Exception e) when (e is FileShrankException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Everything was there when it was listed: somebody is at work in the tree, and a later attempt can find it at rest.
            return new TaskOutcome.Failed("resource", $"the files changed while they were archived: {e.Message}");
        }
        catch (Exception e) when (e is UnarchivableException or OutsideException or PathTooLongException)
        {
            return TaskOutcome.Failed.Refused(e.Message);
        }
    }

    /// <summary>Paths inside another of the list are archived with it.</summary>
    private static IEnumerable<string> Outermost(IReadOnlyList<string> asked)
    {
        var trimmed = asked.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal).ToList();
        return trimmed.Where(path => !trimmed.Exists(other => other != path && AllowedPaths.Contains(other, path)));
    }

    private static JsonElement Describe(string output, ArchiveFacts facts, Unreadable unreadable) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["output"] = output,
                ["bytes"] = facts.Bytes,
                ["entries"] = facts.Entries,
                ["files"] = facts.Files,
                ["fileBytes"] = facts.FileBytes,
                ["hardLinks"] = facts.HardLinks,
                ["skipped"] = facts.Skipped,
                ["unreadable"] = unreadable.Count,
                ["unreadablePaths"] = new JsonArray([.. unreadable.Paths.Select(path => JsonValue.Create(path))]),
                ["notKept"] = new JsonArray("extended attributes", "access control lists", "sparse regions"),
                ["sha256"] = facts.Sha256,
            });
}
