using Headgate.Agent.Running;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Running;

/// <summary>Another process has the same identity.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_AnotherHasTheAgent_TakesNoWorkUntilThatHasEnded()
    {
        await using var service = await FakeService.StartAsync();
        service.IsInUse = _ => true;
        service.Offer(Given.Task("noop"));
        await using var agent = new RunningAgent(_folder, service);

        await Eventually.TrueAsync(() => agent.Log.Contains("agent-in-use", StringComparison.Ordinal), "the reason in the log");
        Assert.Empty(service.Claims);
        service.IsInUse = _ => false;

        await Eventually.TrueAsync(() => service.Results.Count == 1, "the task's result");
    }

    [Fact]
    public async Task RunAsync_AnotherFollowed_StopsItsTasksAndReportsNothing()
    {
        await using var service = await FakeService.StartAsync();
        var ids = _folder.At("ids");
        service.Offer(Given.Script("echo $$ >> $1; exec sleep 300", 3600, ids));
        await using var agent = new RunningAgent(_folder, service, "allowedPrograms: [/bin/sh]", "environment: { set: { PATH: /usr/bin:/bin } }", "stopGraceSeconds: 3600");
        var id = Assert.Single(await Processes.WrittenAsync(ids, 1));

        service.IsInUse = _ => true;

        await Eventually.TrueAsync(() => !Processes.IsAlive(id), "the task is gone");
        Assert.Contains(" replaced ", agent.Log, StringComparison.Ordinal);
        service.IsInUse = _ => false;
        Assert.Equal(0, await agent.StopAsync());
        Assert.Empty(service.Results);
    }

    [Fact]
    public async Task RunAsync_Stopped_SaysSoLast()
    {
        await using var service = await FakeService.StartAsync();
        await using var agent = new RunningAgent(_folder, service);
        await Eventually.TrueAsync(() => !service.Claims.IsEmpty, "a claim");

        await agent.StopAsync();

        Assert.True(service.Heartbeats.Last().Ended);
        Assert.All(service.Heartbeats.SkipLast(1), beat => Assert.Null(beat.Ended));
    }

    [Fact]
    public async Task RunAsync_AfterALifeThatWasKilledAndAServiceThatIsBusy_SaysThatItEnded()
    {
        string killed;
        using (var earlier = StateLock.TryTake(_folder.Folder("state"), out _)!)
            killed = earlier.Session;
        await using var service = await FakeService.StartAsync();
        var calls = 0;
        service.Proxy = path => path.EndsWith("/heartbeat", StringComparison.Ordinal) && Interlocked.Increment(ref calls) == 1 ? (503, "") : null;
        await using var agent = new RunningAgent(_folder, service);

        await Eventually.TrueAsync(() => service.Heartbeats.Any(beat => beat.Ended == true && beat.Session == killed), "the end of the earlier life");
    }

    [Fact]
    public void TryTake_AfterALifeThatEnded_KnowsItsSession()
    {
        string session;
        using (var first = StateLock.TryTake(_folder.Path, out _)!)
        {
            Assert.Null(first.EndedSession);
            session = first.Session;
        }

        using var second = StateLock.TryTake(_folder.Path, out _)!;

        Assert.Equal(session, second.EndedSession);
        Assert.NotEqual(session, second.Session);
    }

    [Fact]
    public void TryTake_OnACopyOfTheFolder_IsAnInstanceOfItsOwn()
    {
        using var first = StateLock.TryTake(_folder.Folder("one"), out _)!;
        var copy = _folder.Folder("two");
        File.WriteAllBytes(Path.Combine(copy, "agent.lock"), Read(_folder.At("one/agent.lock")));

        using var second = StateLock.TryTake(copy, out _)!;

        Assert.Null(second.EndedSession);
        Assert.NotEqual(first.Instance, second.Instance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("not an id\nsession\nplace")]
    public void TryTake_FileOfAnotherForm_IsTaken(string text)
    {
        _folder.Write("agent.lock", text);

        using var taken = StateLock.TryTake(_folder.Path, out _)!;

        Assert.Null(taken.EndedSession);
        Assert.Equal(text.Length == 32, taken.Instance == text);
    }

    // As cp does it, which asks for no lock.
    private static byte[] Read(string path)
    {
        using var copy = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var bytes = new MemoryStream();
        copy.StandardOutput.BaseStream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
