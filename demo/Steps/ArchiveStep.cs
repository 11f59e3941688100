using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Headgate.Demo.Steps;

/// <summary>Real files, archived by an agent and compared byte for byte.</summary>
internal static class ArchiveStep
{
    public static readonly Step Archive = new("an agent archives this repository; the archive equals the files", async (stage, stop) =>
    {
        var root = Programs.Repository.FullName;
        var output = Path.Combine(stage.Work, "repository.tar.gz");
        var paths = Directory.EnumerateDirectories(root)
            .Where(folder => Path.GetFileName(folder) is not (".git" or ".vs" or "headgate-data"))
            .Concat(Directory.EnumerateFiles(root))
            .ToArray();
        var runId = await stage.Api.SubmitAsync(Stage.Acme, Tasks.Run("archive", Tasks.Archive("archive", paths, output, ["bin", "obj", "node_modules", "TestResults"])), stop);
        var run = await stage.Api.EndAsync(Stage.Acme, runId, stop);
        if (run.Status != "completed" || run.Tasks![0].Output is not { } facts)
            throw new NotProvenException($"the run ended {run.Status}: {run.Failure?.Message}");

        await using var file = File.OpenRead(output);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
        if (facts.GetProperty("sha256").GetString() != sha256)
            throw new NotProvenException("the archive's SHA-256 is not the one reported");
        file.Position = 0;
        var files = await CompareAsync(file, stop);
        return $"{files} files, {facts.GetProperty("bytes").GetInt64():N0} bytes, sha256 {sha256[..12]}…";
    });

    private static async Task<int> CompareAsync(Stream archive, CancellationToken stop)
    {
        await using var unzipped = new GZipStream(archive, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        var files = 0;
        while (await tar.GetNextEntryAsync(cancellationToken: stop) is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile)
                continue;
            var archived = entry.DataStream is null ? [] : await SHA256.HashDataAsync(entry.DataStream, stop);
            await using var now = File.OpenRead("/" + entry.Name);
            var onDisk = now.Length == 0 ? [] : await SHA256.HashDataAsync(now, stop);
            if (!archived.SequenceEqual(onDisk))
                throw new NotProvenException($"{entry.Name} is not in the archive as it is on disk");
            files++;
        }

        return files > 0 ? files : throw new NotProvenException("the archive is empty");
    }
}
