using System.Diagnostics;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Agent.Tasks.Restic;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Tasks.Restic;

/// <summary>What restic says when it can't, and what it leaves behind when it is stopped.</summary>
public sealed class ResticFailureTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("wrong", "auth")]
    [InlineData("none", "permanent")]
    [InlineData("far", "network")]
    public async Task Backup_RepositoryCanNotBeUsed_SaysOfWhichKind(string repository, string category)
    {
        var result = await _ground.DoAsync("backup", new { repository, paths = new[] { _ground.Data } });

        Assert.Equal(("failure", category), (result.Status, result.ErrorCategory));
        Assert.DoesNotContain(ResticGround.Password, result.ErrorMessage + result.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_SomebodyElseHasTheLock_IsAResourceAndTheLockStays()
    {
        File.WriteAllBytes(_ground.Folder.At("data/big"), Random(2_000_000));
        using var other = _ground.Other("backup", "--limit-upload=5", _ground.Data);
        await Eventually.TrueAsync(() => _ground.Locks.Count > 0, "a lock");

        var result = await _ground.DoAsync("prune", new { repository = "main", keepLast = 1 });
        var locks = _ground.Locks.Count;
        other.Kill();
        await other.WaitForExitAsync();
        var after = await _ground.DoAsync("prune", new { repository = "main", keepLast = 1 });

        Assert.Equal(("failure", "resource", 1), (result.Status, result.ErrorCategory, locks));
        // The other's process is gone, but it was not ours: we do not judge its lock.
        Assert.Equal("resource", after.ErrorCategory);
    }

    [Fact]
    public async Task Backup_Cancelled_EndsResticAndLeavesNoLockThatStopsTheNext()
    {
        var id = 0;
        var result = await StoppedAsync(async attempt =>
        {
            id = await _ground.RunningAsync("backup");
            attempt.Stop(StopReason.Cancelled);
        });

        Assert.Equal(("cancelled", false), (result.Status, Processes.IsAlive(id)));
        // Interrupted at the very moment of locking, restic may leave a lock, which needs the next task's unlock.
        var prune = await _ground.DoAsync("prune", new { repository = "main", keepLast = 1 });
        Assert.Equal(("success", null, 0), (prune.Status, prune.ErrorMessage, _ground.Locks.Count));
    }

    [Fact]
    public async Task Prune_AfterOurOwnResticWasKilled_TakesItsLockAway()
    {
        var result = await StoppedAsync(async _ => Posix.Kill(await _ground.RunningAsync("backup"), Posix.KillSignal));
        Assert.Equal(("failure", 137, 1), (result.Status, result.ExitCode, _ground.Locks.Count));

        var prune = await _ground.DoAsync("prune", new { repository = "main", keepLast = 1 });

        Assert.Equal(("success", null, 0), (prune.Status, prune.ErrorMessage, _ground.Locks.Count));
        Assert.Empty(Directory.GetFiles(_ground.Folder.At("state/restic")));
    }

    [Theory]
    [InlineData(10, "", "permanent")]
    [InlineData(11, "", "resource")]
    [InlineData(12, "", "auth")]
    [InlineData(1, "Fatal: wrong password or no key found", "auth")]
    [InlineData(1, "unable to create lock in backend: repository is already locked exclusively by PID 1 on box by root (UID 0, GID 0)", "resource")]
    [InlineData(1, "Fatal: unable to open config file: stat /x/config: no such file or directory\nIs there a repository at the following location?\n/x", "permanent")]
    [InlineData(1, "Fatal: unable to open config file: client.Head: Head \"http://h:9/config\": dial tcp 127.0.0.1:9: connect: connection refused\nIs there a repository at the following location?\nrest:http://h:9/", "network")]
    [InlineData(1, "Fatal: unable to open config file: Head \"https://h/config\": dial tcp: lookup h: no such host\nIs there a repository at the following location?", "network")]
    [InlineData(1, "subprocess ssh: Permission denied (publickey).\nFatal: unable to open repository at sftp:u@h:/x: unable to start the sftp session, error: EOF", "auth")]
    [InlineData(1, "Fatal: unable to save snapshot: write /srv/repo/data/x: no space left on device", "resource")]
    [InlineData(1, "Fatal: repository contains errors", "permanent")]
    [InlineData(1, "pack 01ab: load: unexpected EOF\nFatal: repository contains errors", "permanent")]
    [InlineData(1, "Fatal: LoadIndex returned errors: load <index/01ab>: unexpected EOF", "permanent")]
    [InlineData(1, "Load(<data/01ab>): invalid data returned", "permanent")]
    [InlineData(1, "Fatal: --exclude: invalid pattern(s) provided:\n[x", "permanent")]
    [InlineData(1, "Fatal: unable to save snapshot: Post \"https://h/data/\": unexpected EOF", "network")]
    [InlineData(1, "something new", null)]
    public void Category_CodeThenText_IsTheClass(int code, string text, string? category) => Assert.Equal(category, ResticFailure.Category(code, text));

    [Theory]
    [InlineData("repository is already locked by PID {0} on {1} by root (UID 0, GID 0)", true, true)]
    [InlineData("repository is already locked exclusively by PID {0} on {1} by root (UID 0, GID 0)", true, true)]
    [InlineData("repository is already locked by PID {0} on elsewhere by root (UID 0, GID 0)", true, false)]
    [InlineData("repository is already locked by PID {0} on {1} by root (UID 0, GID 0)", false, false)]
    [InlineData("repository is already locked by PID 99999999999 on {1} by root", true, false)]
    [InlineData("wrong password", true, false)]
    public async Task Leftover_LockNamesAProcess_IsOursOnlyIfWeStartedItAndItIsGone(string text, bool isGone, bool isLeftover)
    {
        using var process = Process.Start("/bin/sleep", ["300"]);
        var locks = new ResticLocks(_ground.Folder.At("locks"));
        locks.Began(process.Id);
        if (isGone)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        var found = locks.Leftover(text.Replace("{0}", $"{process.Id}", StringComparison.Ordinal).Replace("{1}", Environment.MachineName, StringComparison.Ordinal));
        process.Kill();

        Assert.Equal(isLeftover ? process.Id : null, found);
        locks.Ended(process.Id);
        Assert.Null(locks.Leftover($"locked by PID {process.Id} on {Environment.MachineName} by"));
    }

    private async Task<Contracts.Agents.TaskResult> StoppedAsync(Func<Attempt, Task> meanwhile)
    {
        File.WriteAllBytes(_ground.Folder.At("data/big"), Random(3_000_000));
        Task? doing = null;
        var result = await _ground.DoAsync("backup", new { repository = "main", paths = new[] { _ground.Data } }, attempt => doing = meanwhile(attempt), "limits: { bandwidthLimitMbps: 1 }");
        await doing!;
        return result;
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
