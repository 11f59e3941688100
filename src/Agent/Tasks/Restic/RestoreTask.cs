using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Agent.Options;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// Restores a snapshot into an empty folder inside the allowed paths. It is built beside its place and moved there when it is whole, so that a
/// try that fails leaves nothing, and nothing that lies in the target, a link above all, leads restic elsewhere.
/// </summary>
internal sealed class RestoreTask(ResticProgram restic, AllowedPaths paths) : ITaskType
{
    private const string Unfinished = ".headgate-restore";

    /// <summary>Targets at work; an entry goes with its task.</summary>
    private readonly ConcurrentDictionary<string, bool> _targets = new(StringComparer.Ordinal);

    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var read = new ResticPayload(restic, attempt.Task.Payload, problems);
        var repository = read.Repository();
        var asked = read.Path("target");
        var snapshot = read.Snapshot("snapshot");
        var include = read.Patterns("include");
        read.End();
        var target = asked is null ? null : paths.Resolve(asked, out var refusal) is { } real ? real : Refuse(problems, refusal);
        if (problems.Any || repository is null || target is null)
            return TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}");
        if (!_targets.TryAdd(target, true))
            return new TaskOutcome.Failed("resource", $"another task restores into '{asked}'");
        try
        {
            return await RestoreAsync(repository, snapshot, include, asked!, target, attempt, marker, stop);
        }
        finally
        {
            _targets.TryRemove(target, out _);
        }
    }

    private async Task<TaskOutcome> RestoreAsync(
        Repository repository, string snapshot, IReadOnlyList<string> include, string asked, string target, Attempt attempt, string marker, CancellationToken stop)
    {
        if (File.Exists(target))
            return TaskOutcome.Failed.Refused($"'{asked}' is a file");
        var unfinished = Path.Combine(target, Unfinished);
        Remove(unfinished);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            return TaskOutcome.Failed.Refused($"'{asked}' is not empty: a restore needs a folder of its own");

        var (id, failure) = await IdAsync(repository, snapshot, attempt, marker, stop);
        if (id is null)
            return failure!;
        try
        {
            Directory.CreateDirectory(target);
            OwnFolder.Ensure(unfinished);
            string[] arguments = ["restore", "--json", $"--target={unfinished}", .. include.Select(pattern => $"--include={pattern}"), "--", id];
            var end = await restic.RunAsync(repository, arguments, attempt, marker, line: null, stop);
            if (end.Code != 0)
                return end.Outcome();
            var (files, bytes) = Measure(unfinished);
            foreach (var entry in new DirectoryInfo(unfinished).GetFileSystemInfos())
                Move(entry, Path.Combine(target, entry.Name));
            return new TaskOutcome.Succeeded(
                JsonSerializer.SerializeToElement(new JsonObject { ["snapshotId"] = id, ["target"] = asked, ["filesRestored"] = files, ["bytesRestored"] = bytes, ["warnings"] = end.Warnings.Count }), end.Log, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new TaskOutcome.Failed("resource", $"'{asked}': {e.Message}");
        }
        finally
        {
            Remove(unfinished);
        }
    }

    /// <summary>Which snapshot it is: <c>latest</c> must mean the same in the output as it did in the restore.</summary>
    private async Task<(string? Id, TaskOutcome? Failure)> IdAsync(Repository repository, string snapshot, Attempt attempt, string marker, CancellationToken stop)
    {
        string? id = null;
        var end = await restic.RunAsync(repository, ["snapshots", "--json", "--", snapshot], attempt, marker, line => id ??= FirstId(line), stop);
        if (end.Code != 0)
            return (null, end.Outcome());
        return id is null ? (null, TaskOutcome.Failed.Refused(snapshot == "latest" ? "the repository holds no snapshot" : $"the repository holds no snapshot '{snapshot}'")) : (id, null);
    }

    private static string? FirstId(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("id", out var id)
                ? id.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (long Files, long Bytes) Measure(string folder)
    {
        var sizes = new FileSystemEnumerable<long>(folder, (ref FileSystemEntry entry) => entry.Length, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == FileAttributes.None,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == FileAttributes.None,
        };
        return sizes.Aggregate((Files: 0L, Bytes: 0L), (sum, size) => (sum.Files + 1, sum.Bytes + size));
    }

    /// <summary>A folder that comes to another one is written to, for its <c>..</c> changes: its owner, unless root, must be allowed to.</summary>
    internal static void Move(FileSystemInfo entry, string path)
    {
        if (entry is not DirectoryInfo folder)
        {
            ((FileInfo)entry).MoveTo(path);
            return;
        }

        UnixFileMode? closed = !OperatingSystem.IsWindows() && folder.LinkTarget is null && !folder.UnixFileMode.HasFlag(UnixFileMode.UserWrite) ? folder.UnixFileMode : null;
        if (closed is { } mode && !OperatingSystem.IsWindows())
            folder.UnixFileMode = mode | UnixFileMode.UserWrite;
        folder.MoveTo(path);
        if (closed is { } before && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, before);
    }

    private static void Remove(string folder)
    {
        if (OperatingSystem.IsLinux() && Path.Exists(folder))
            FolderRemoval.TryRemove(folder);
    }

    private static string? Refuse(Problems problems, string refusal)
    {
        problems.Add("target", refusal);
        return null;
    }
}
