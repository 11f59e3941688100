using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Tasks;

public sealed class ArchiveTaskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Tree_IsArchivedEntryByEntry()
    {
        _folder.Write("in/a.txt", "alpha");
        _folder.Write("in/sub/ünï.bin", new string('z', 200_000));
        _folder.Write("in/sub/empty", "");
        _folder.Write("in/sub/tool", "#!");
        File.SetUnixFileMode(_folder.At("in/sub/tool"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _folder.Folder("in/void");
        _folder.Link("in/to-a", "a.txt");
        _folder.Link("in/away", "/etc");
        _folder.Write("in/skip.log", "no");
        _folder.Write("in/obj/x", "no");
        _folder.Write("in/sub/obj2", "yes");
        Process.Start("/usr/bin/mkfifo", [_folder.At("in/pipe")]).WaitForExit();

        var result = await RunAsync(new { paths = new[] { _folder.At("in/sub"), _folder.At("in") }, output = _folder.At("out.tar.gz"), exclude = new[] { "*.log", "obj" } });

        Assert.Equal((null, "success"), (result.ErrorMessage, result.Status));
        var root = _folder.At("in").TrimStart('/');
        var entries = ReadArchive(_folder.At("out.tar.gz"));
        Assert.Equal(
            new[] { "/", "/a.txt", "/away", "/sub/", "/sub/empty", "/sub/obj2", "/sub/tool", "/sub/ünï.bin", "/to-a", "/void/" }.Select(n => root + n),
            entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        foreach (var entry in entries.Where(e => e.Type == TarEntryType.RegularFile))
        {
            Assert.Equal(File.ReadAllBytes("/" + entry.Name), entry.Content);
            Assert.Equal(File.GetUnixFileMode("/" + entry.Name), entry.Mode);
        }

        Assert.Equal(("/etc", "a.txt"), (entries.Single(e => e.Name.EndsWith("/away", StringComparison.Ordinal)).Link, entries.Single(e => e.Name.EndsWith("/to-a", StringComparison.Ordinal)).Link));
        var output = result.Output!.Value;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.At("out.tar.gz")))), output.GetProperty("sha256").GetString());
        Assert.Equal(new FileInfo(_folder.At("out.tar.gz")).Length, output.GetProperty("bytes").GetInt64());
        Assert.Equal((10, 5, 1), (output.GetProperty("entries").GetInt32(), output.GetProperty("files").GetInt32(), output.GetProperty("skipped").GetInt32()));
        Assert.Equal(5 + 200_000 + 2 + 3, output.GetProperty("fileBytes").GetInt64());
    }

    [Fact]
    public async Task RunAsync_OutputInsideTheTree_LeavesItselfOutAndReplacesTheOld()
    {
        _folder.Write("in/a", "1");
        _folder.Write("in/out.tar.gz", "old");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("in/out.tar.gz") });

        Assert.Equal("success", result.Status);
        Assert.Equal(2, ReadArchive(_folder.At("in/out.tar.gz")).Count);
        Assert.Equal(["a", "out.tar.gz"], Directory.GetFiles(_folder.At("in")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_PathLeadingOut_IsRefusedAndWritesNothing()
    {
        _folder.Folder("in");
        _folder.Link("in/away", "/etc");

        var result = await RunAsync(new { paths = new[] { _folder.At("in/away"), "/usr", "relative" }, output = "/usr/out.tar" });

        Assert.Equal("permanent", result.ErrorCategory);
        Assert.Equal(
            $"payload: output: must end in .tar.gz or .tgz; paths: '{_folder.At("in/away")}' leads to '/etc', outside the paths that this agent allows; "
            + "paths: '/usr' is outside the paths that this agent allows; paths: 'relative' is not an absolute path without '..'; "
            + "output: '/usr/out.tar' is outside the paths that this agent allows",
            result.ErrorMessage);
    }

    [Fact]
    public async Task RunAsync_MissingPath_IsRefused()
    {
        var result = await RunAsync(new { paths = new[] { _folder.At("none") }, output = _folder.At("out.tgz") });

        Assert.Equal(("permanent", $"payload: paths: '{_folder.At("none")}' does not exist"), (result.ErrorCategory, result.ErrorMessage));
        Assert.False(File.Exists(_folder.At("out.tgz")));
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNeitherOutputNorRemains()
    {
        _folder.Write("in/a", "1");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("in/out.tgz") }, cancelled: true);

        Assert.Equal("cancelled", result.Status);
        Assert.Equal([_folder.At("in/a")], Directory.GetFiles(_folder.At("in")));
    }

    private Task<TaskResult> RunAsync(object payload, bool cancelled = false)
    {
        var task = Given.Task("archive", payload);
        return Given.ResultOfAsync(_folder, task, [$"allowedPaths: [{_folder.Path}]"], meanwhile: cancelled ? attempt => attempt.Stop(Agent.Attempts.StopReason.Cancelled) : null);
    }

    private static List<(string Name, TarEntryType Type, byte[] Content, UnixFileMode Mode, string Link)> ReadArchive(string path)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var entries = new List<(string, TarEntryType, byte[], UnixFileMode, string)>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add((entry.Name, entry.EntryType, content.ToArray(), entry.Mode, entry.LinkName));
        }

        return entries;
    }
}
