using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Headgate.Agent.Tasks.Archive;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Tasks;

/// <summary>An archive keeps what it says it keeps, and refuses what it can't.</summary>
public sealed class ArchiveFaithTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose()
    {
        Agent.Files.FolderRemoval.TryRemove(_folder.Folder("in"));
        _folder.Dispose();
    }

    [Theory]
    [InlineData("touch \"$(printf 'caf\\351.txt')\"", "the name is not UTF-8")]
    [InlineData("mkdir \"$(printf 'caf\\351')\"", "the name is not UTF-8")]
    [InlineData("ln -s x \"$(printf 'caf\\351')\"", "the name is not UTF-8")]
    [InlineData("touch \"$(printf 'a\\377')\" \"$(printf 'a\\357\\277\\275')\"", "the name is not UTF-8")]
    [InlineData("ln -s \"$(printf 'caf\\351.txt')\" link", "what the link leads to is not UTF-8")]
    [InlineData("d=$(printf 'd%.0s' $(seq 200)); for i in $(seq 30); do mkdir $d && cd -P $d || exit 1; done", "the path is too long for this system")]
    public async Task RunAsync_WhatNoArchiveOfOursCanHold_IsRefusedForGoodWithThePath(string script, string reason)
    {
        await ShellAsync(script);

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("out.tgz") });

        Assert.Equal(("failure", "permanent"), (result.Status, result.ErrorCategory));
        Assert.StartsWith($"'{_folder.At("in")}", result.ErrorMessage, StringComparison.Ordinal);
        Assert.EndsWith(reason, result.ErrorMessage, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("out.tgz")));
    }

    [Fact]
    public async Task RunAsync_OddNameThatIsExcludedOrReallyThere_IsNoHindrance()
    {
        await ShellAsync("touch \"$(printf 'caf\\351.log')\" \"$(printf 'a\\357\\277\\275')\"");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("out.tgz"), exclude = new[] { "*.log" } });

        Assert.Equal((null, "success"), (result.ErrorMessage, result.Status));
        Assert.EndsWith("/a\uFFFD", Entries().Last().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HardLinks_AreWrittenOnceAndAsLinks()
    {
        await ShellAsync("echo content > b; ln b c; mkdir a; ln b a/z; ln -s b s");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("out.tgz") });

        var root = _folder.At("in").TrimStart('/');
        Assert.Equal(
            [(TarEntryType.Directory, "/", ""), (TarEntryType.Directory, "/a/", ""), (TarEntryType.RegularFile, "/a/z", ""), (TarEntryType.HardLink, "/b", root + "/a/z"), (TarEntryType.HardLink, "/c", root + "/a/z"), (TarEntryType.SymbolicLink, "/s", "b")],
            Entries().Select(e => (e.EntryType, e.Name[root.Length..], e.LinkName)));
        Assert.Equal((1, 2), (result.Output!.Value.GetProperty("files").GetInt32(), result.Output.Value.GetProperty("hardLinks").GetInt32()));
    }

    [Fact]
    public async Task RunAsync_OwnersModesAndLinkModes_AreAsTheSystemSaysAndTheOutputTellsWhatIsNotKept()
    {
        await ShellAsync("touch f; chmod 4751 f; ln -s f l; mkdir d; chmod 1777 d; [ $(id -u) != 0 ] || chown -h 1001:1002 f l d");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("out.tgz") });

        foreach (var entry in Entries())
        {
            var shown = (await ShellAsync($"stat -c '%u %g %U %G %a' '/{entry.Name.TrimEnd('/')}'")).Trim().Replace("UNKNOWN", "", StringComparison.Ordinal);
            Assert.Equal(shown, $"{entry.Uid} {entry.Gid} {((PosixTarEntry)entry).UserName} {((PosixTarEntry)entry).GroupName} {Convert.ToString((int)entry.Mode, 8)}");
        }

        Assert.Equal(["extended attributes", "access control lists", "sparse regions"], result.Output!.Value.GetProperty("notKept").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public void Read_Denied_FailsOrIsCountedAndListedWithinABound()
    {
        Func<string, string> denied = path => throw new UnauthorizedAccessException(path);
        Assert.Throws<UnauthorizedAccessException>(() => new Unreadable(skip: false).Read("/a", denied));
        var skipping = new Unreadable(skip: true);

        for (var i = 0; i < 50; i++)
            Assert.Null(skipping.Read("/" + new string('x', 5000), denied));

        Assert.Equal((50, Unreadable.MostPaths), (skipping.Count, skipping.Paths.Count));
        Assert.All(skipping.Paths, path => Assert.InRange(path.Length, 1, 500));
        Assert.Equal("read", skipping.Read("/b", _ => "read"));
    }

    [Fact]
    public void Walk_FoldersAndNamesThatMayNotBeRead_AreLeftOutOfTheRest()
    {
        _folder.Write("in/a", "");
        var tree = new ArchiveTree([], "/none", new Unreadable(skip: true));

        Assert.Equal(["in", "in/a"], tree.Walk(_folder.At("in"), "/in").Select(e => e.Name));
    }

    [Theory]
    [InlineData("maybe", "payload: onUnreadable: must be fail or skip")]
    [InlineData("skip", null)]
    [InlineData("fail", null)]
    public async Task RunAsync_OnUnreadable_IsAWord(string word, string? refusal)
    {
        _folder.Write("in/a", "");

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("out.tgz"), onUnreadable = word });

        Assert.Equal(refusal, result.ErrorMessage);
        Assert.Equal(refusal is null ? "0" : null, result.Output?.GetProperty("unreadable").GetRawText());
    }

    [Fact]
    public async Task RunAsync_RemainsOfKilledAttempts_AreNeitherArchivedNorKept()
    {
        _folder.Write("in/a", "");
        var (own, others) = (_folder.Write($"in/out.tgz.x{UnfinishedArchives.Mark}", "half"), _folder.Write($"in/other.tgz.x{UnfinishedArchives.Mark}", "half"));
        using var writing = new FileStream(_folder.At($"in/out.tgz.y{UnfinishedArchives.Mark}"), FileMode.CreateNew, FileAccess.Write, FileShare.None);

        var result = await RunAsync(new { paths = new[] { _folder.At("in") }, output = _folder.At("in/out.tgz") });

        Assert.Equal("success", result.Status);
        Assert.Equal((false, true, true), (File.Exists(own), File.Exists(others), File.Exists(writing.Name)));
        using var tar = new TarReader(new GZipStream(File.OpenRead(_folder.At("in/out.tgz")), CompressionMode.Decompress));
        Assert.Equal(2, Names(tar).Count);
        Assert.Empty(Directory.GetFiles(_folder.At("state/archives")));
    }

    [Fact]
    public void Clean_AfterAKill_RemovesWhatWasBeingWrittenWhereverItLies()
    {
        var archives = new UnfinishedArchives(_folder.At("state/archives"), Given.Silent);
        var killed = archives.Begin(_folder.Folder("far") + "/out.tgz");
        File.WriteAllText(killed.Path, "half");
        var alien = _folder.Write("far/keep", "x");
        File.WriteAllText(_folder.At("state/archives/alien"), alien);

        new UnfinishedArchives(_folder.At("state/archives"), Given.Silent).Clean();

        Assert.Equal([alien], Directory.GetFiles(_folder.At("far")));
        Assert.Empty(Directory.GetFiles(_folder.At("state/archives")));
    }

    private static List<string> Names(TarReader tar)
    {
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return names;
    }

    private List<TarEntry> Entries()
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(_folder.At("out.tgz")), CompressionMode.Decompress));
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private Task<TaskResult> RunAsync(object payload) => Given.ResultOfAsync(_folder, Given.Task("archive", payload), [$"allowedPaths: [{_folder.Path}]"]);

    private async Task<string> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = _folder.Folder("in"), RedirectStandardOutput = true, UseShellExecute = false })!;
        var shown = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return shown;
    }
}
