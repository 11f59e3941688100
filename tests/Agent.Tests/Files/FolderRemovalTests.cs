using System.Diagnostics;
using Headgate.Agent.Files;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Files;

/// <summary>Whatever a program leaves behind in its folder.</summary>
public sealed class FolderRemovalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mkdir -p mod/x; touch mod/x/f; chmod 555 mod/x mod")]
    [InlineData("mkdir -p closed/x; touch closed/x/f; chmod 000 closed/x closed")]
    [InlineData("touch \"$(printf 'caf\\351')\"; mkdir \"$(printf 'd\\377')\"; touch \"$(printf 'd\\377/f')\"")]
    [InlineData("ln -s / root; ln -s ../kept link; ln -s nowhere dangling; mkfifo pipe")]
    [InlineData("i=0; while [ $i -lt 3000 ]; do touch \"file with a long enough name $i\"; i=$((i+1)); done")]
    public async Task TryRemove_WhateverIsInIt_IsGoneAndNothingElse(string script)
    {
        var (folder, kept) = (_folder.Folder("work/it"), _folder.Write("work/kept/file", "x"));
        await RunAsync(folder, script);

        Assert.True(FolderRemoval.TryRemove(folder));
        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_folder.At("work")).Select(Path.GetFileName));
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public async Task TryRemove_DeeperThanAPathCanSay_IsGone()
    {
        var folder = _folder.Folder("work/it");
        await RunAsync(folder, "d=dddddddddddddddddddddddddddddddddddddddd; i=0; while [ $i -lt 400 ]; do mkdir $d && cd -P $d || exit 1; touch f; i=$((i+1)); done");

        Assert.True(FolderRemoval.TryRemove(folder));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("work")));
    }

    private static async Task RunAsync(string folder, string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
