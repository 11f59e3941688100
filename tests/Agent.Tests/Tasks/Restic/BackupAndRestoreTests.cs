using Headgate.Agent.Attempts;
using Headgate.Agent.Tasks.Restic;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Tasks.Restic;

public sealed class BackupAndRestoreTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Restore_OfABackup_EqualsTheSourceByteForByte()
    {
        var source = Tree("data/source");

        var backup = await _ground.DoAsync("backup", new { repository = "main", paths = new[] { source }, tags = new[] { "nightly" } });
        Assert.Equal(("success", 0, null), (backup.Status, backup.ExitCode, backup.ErrorMessage));
        var restore = await _ground.DoAsync("restore", new { repository = "main", target = _ground.Folder.At("data/back") });
        Assert.Equal(("success", null), (restore.Status, restore.ErrorMessage));

        var back = _ground.Folder.At("data/back") + source;
        Assert.Equal(FileTree.Lines(source), FileTree.Lines(back));
        Assert.Equal(["data"], Directory.GetFileSystemEntries(_ground.Folder.At("data/back") + _ground.Folder.Path).Select(Path.GetFileName));
        Assert.Equal([Path.Combine(_ground.Folder.At("data/back"), source.Split('/')[1])], Directory.GetFileSystemEntries(_ground.Folder.At("data/back")));
        var (stored, restored) = (backup.Output!.Value, restore.Output!.Value);
        Assert.Equal((5, 0, 3_000_012L), (stored.GetProperty("filesNew").GetInt32(), stored.GetProperty("filesChanged").GetInt32(), stored.GetProperty("bytesProcessed").GetInt64()));
        Assert.InRange(stored.GetProperty("bytesAdded").GetInt64(), 3_000_000, 3_100_000);
        Assert.StartsWith(stored.GetProperty("snapshotId").GetString()!, restored.GetProperty("snapshotId").GetString(), StringComparison.Ordinal);
        Assert.Equal((5, 3_000_012L), (restored.GetProperty("filesRestored").GetInt32(), restored.GetProperty("bytesRestored").GetInt64()));
        Assert.Empty(_ground.Locks);
    }

    [Fact]
    public async Task Backup_ExcludeAndASecondTime_StoresOnlyWhatIsNew()
    {
        var source = Tree("data/source");
        object payload = new { repository = "main", paths = new[] { source }, exclude = new[] { "*.bin" } };

        var first = await _ground.DoAsync("backup", payload);
        _ground.Folder.Write("data/source/new", "new");
        var second = await _ground.DoAsync("backup", payload);

        Assert.Equal(4, first.Output!.Value.GetProperty("filesNew").GetInt32());
        Assert.Equal((1, 4), (second.Output!.Value.GetProperty("filesNew").GetInt32(), second.Output!.Value.GetProperty("filesUnmodified").GetInt32()));
    }

    [Fact]
    public async Task Restore_SnapshotAndInclude_TakesThatPartOfThatSnapshot()
    {
        var file = _ground.Folder.Write("data/source/one", "first");
        _ground.Folder.Write("data/source/two", "2");
        var first = await _ground.DoAsync("backup", new { repository = "main", paths = new[] { _ground.Folder.At("data/source") } });
        await File.WriteAllTextAsync(file, "second");
        await _ground.DoAsync("backup", new { repository = "main", paths = new[] { _ground.Folder.At("data/source") } });

        var result = await _ground.DoAsync(
            "restore", new { repository = "main", target = _ground.Folder.At("data/back"), snapshot = first.Output!.Value.GetProperty("snapshotId").GetString()![..8], include = new[] { file } });

        Assert.Equal(("success", null), (result.Status, result.ErrorMessage));
        Assert.Equal("first", await File.ReadAllTextAsync(_ground.Folder.At("data/back") + file));
        Assert.Equal(1, result.Output!.Value.GetProperty("filesRestored").GetInt32());
    }

    [Fact]
    public async Task Restore_TargetHoldsSomething_IsRefusedAndLeavesItAsItIs()
    {
        await _ground.DoAsync("backup", new { repository = "main", paths = new[] { Tree("data/source") } });
        _ground.Folder.Write("data/back/mine", "mine");

        var result = await _ground.DoAsync("restore", new { repository = "main", target = _ground.Folder.At("data/back") });

        Assert.Equal(("permanent", $"'{_ground.Folder.At("data/back")}' is not empty: a restore needs a folder of its own"), (result.ErrorCategory, result.ErrorMessage));
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(_ground.Folder.At("data/back")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("latest", "the repository holds no snapshot")]
    [InlineData("00000000", "the repository holds no snapshot '00000000'")]
    public async Task Restore_NoSuchSnapshot_FailsForGoodAndLeavesNothing(string snapshot, string reason)
    {
        var result = await _ground.DoAsync("restore", new { repository = "main", target = _ground.Folder.At("data/back"), snapshot });

        Assert.Equal(("permanent", reason), (result.ErrorCategory, result.ErrorMessage));
        Assert.False(Path.Exists(_ground.Folder.At("data/back")));
    }

    [Fact]
    public async Task Restore_LeftoverOfAKilledTry_IsRemovedFirst()
    {
        await _ground.DoAsync("backup", new { repository = "main", paths = new[] { Tree("data/source") } });
        _ground.Folder.Write("data/back/.headgate-restore/half", "");

        var result = await _ground.DoAsync("restore", new { repository = "main", target = _ground.Folder.At("data/back") });

        Assert.Equal(("success", null), (result.Status, result.ErrorMessage));
        Assert.Single(Directory.GetFileSystemEntries(_ground.Folder.At("data/back")));
    }

    /// <summary>Root may move such a folder anyway; its mode must stay for everybody.</summary>
    [Fact]
    public void Move_FolderThatItsOwnerMayNotWrite_ComesWithItsMode()
    {
        _ground.Folder.Write("data/from/closed/file", "x");
        _ground.Folder.Link("data/from/link", "closed");
        _ground.Folder.Folder("data/to");
        const UnixFileMode Closed = (UnixFileMode)0b101_101_101;
        File.SetUnixFileMode(_ground.Folder.At("data/from/closed"), Closed);

        foreach (var entry in new DirectoryInfo(_ground.Folder.At("data/from")).GetFileSystemInfos())
            RestoreTask.Move(entry, _ground.Folder.At($"data/to/{entry.Name}"));

        Assert.Equal(Closed, File.GetUnixFileMode(_ground.Folder.At("data/to/closed")));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_ground.Folder.At("data/to/link")).Select(Path.GetFileName));
        File.SetUnixFileMode(_ground.Folder.At("data/to/closed"), Closed | UnixFileMode.UserWrite);
    }

    /// <summary>Memory of a process can be listed and not read, by root either.</summary>
    [Fact]
    public async Task Backup_SomeCanNotBeRead_CompletesWithWarnings()
    {
        var folder = $"/proc/{Environment.ProcessId}";
        var result = await Given.ResultOfAsync(
            _ground.Folder, Given.Task("backup", new { repository = "main", paths = new[] { Tree("data/source"), $"{folder}/mem" } }),
            [.. _ground.Lines().Select(line => line.StartsWith("allowedPaths", StringComparison.Ordinal) ? $"allowedPaths: [{_ground.Data}, {folder}]" : line)]);

        Assert.Equal(("success", 3), (result.Status, result.ExitCode));
        Assert.Equal(1, result.Output!.Value.GetProperty("warnings").GetInt32());
        Assert.Contains("/mem", result.Output!.Value.GetProperty("firstWarnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(5, result.Output!.Value.GetProperty("filesNew").GetInt32());
    }

    [Fact]
    public async Task Backup_UnderALimit_ShowsProgressAndHasNoSecretInItsArgumentsOrLog()
    {
        TaskProgress? progress = null;
        var (argv, environment) = ("", "");
        var running = _ground.DoAsync(
            "backup", new { repository = "main", paths = new[] { Tree("data/source") } },
            attempt => _ = Task.Run(async () =>
            {
                var id = await _ground.RunningAsync("backup");
                (argv, environment) = (await File.ReadAllTextAsync($"/proc/{id}/cmdline"), await File.ReadAllTextAsync($"/proc/{id}/environ"));
                await Eventually.TrueAsync(() => (progress = attempt.Progress) is { Percent: > 0 }, "progress");
                attempt.Stop(StopReason.Cancelled);
            }),
            "limits: { bandwidthLimitMbps: 1 }");

        var result = await running;

        Assert.Equal("cancelled", result.Status);
        Assert.Equal([ResticGround.Program, "backup", "--limit-upload=122", "--limit-download=122", "--json", "--", _ground.Folder.At("data/source"), ""], argv.Split('\0'));
        Assert.Contains($"RESTIC_PASSWORD_FILE={_ground.Folder.At("main.key")}", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(ResticGround.Password, argv + environment + result.Log, StringComparison.Ordinal);
        Assert.True(progress is { Bytes: > 0, Files: > 0 }, $"{progress}");
    }

    /// <summary>Links, modes, an empty folder, odd names.</summary>
    private string Tree(string name)
    {
        var random = new byte[3_000_000];
        new Random(1).NextBytes(random);
        var big = _ground.Folder.Write($"{name}/big.bin", "");
        File.WriteAllBytes(big, random);
        _ground.Folder.Write($"{name}/empty", "");
        _ground.Folder.Write($"{name}/--password-command", "x");
        _ground.Folder.Write($"{name}/größe ☃", "größe");
        var program = _ground.Folder.Write($"{name}/sub/program", "four");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_000);
        _ground.Folder.Folder($"{name}/sub/nothing");
        _ground.Folder.Link($"{name}/sub/link", "program");
        _ground.Folder.Link($"{name}/away", "/etc/hostname");
        _ground.Folder.Link($"{name}/dangling", "nowhere");
        File.SetLastWriteTimeUtc(big, new DateTime(2020, 2, 29, 1, 2, 3, DateTimeKind.Utc));
        return _ground.Folder.At(name);
    }
}
