using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Tasks.Restic;

public sealed class BandwidthTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    /// <summary>The settings come with the first heartbeat, both tasks with one claim.</summary>
    [Fact]
    public async Task RunAsync_TwoBackupsAtOnce_ShareWhatTheServiceAllowsAndRunUnderItsQuota()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = beat => new HeartbeatAnswer(1, beat.SettingsVersion == 3 ? null : new AgentSettings(2, new Dictionary<string, int>(), 50, "idle", 1, 3), [], []);
        var random = new byte[3_000_000];
        new Random(1).NextBytes(random);
        await File.WriteAllBytesAsync(_ground.Folder.At("data/big"), random);
        service.Offer([.. Enumerable.Range(0, 2).Select(_ => Given.Task("backup", new { repository = "main", paths = new[] { _ground.Data } }))]);
        await using var agent = new RunningAgent(_ground.Folder, service, _ground.Lines("stopGraceSeconds: 0", "limits: { bandwidthLimitMbps: 100 }"));

        IReadOnlyList<int> ids = [];
        await Eventually.TrueAsync(() => (ids = _ground.All("backup")).Count == 2, "two of restic");
        var seen = ids.Select(id => (string.Join(' ', File.ReadAllText($"/proc/{id}/cmdline").Split('\0')[2..4]), Nice($"{id}"))).ToList();

        await Eventually.TrueAsync(() => service.Heartbeats.Any(beat => beat.Running!.Any(one => one.Progress is { Bytes: > 0 })), "a heartbeat that tells how far a backup is");

        // Whoever runs the tests may be nicer than the quota.
        Assert.All(seen, one => Assert.Equal(("--limit-upload=61 --limit-download=61", Math.Max(9, Nice("self"))), one));
        Assert.Contains("info quota cpuQuotaPercent=50 nice=9 cpuMax=", agent.Log, StringComparison.Ordinal);
        Assert.Contains("ioPriority=idle bandwidthLimitMbps=1", agent.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(ResticGround.Password, agent.Log, StringComparison.Ordinal);
        await agent.StopAsync();
        Assert.All(ids, id => Assert.False(Processes.IsAlive(id)));
        Assert.All(service.Results, result => Assert.Equal("lost-agent", result.ErrorCategory));
    }

    private static int Nice(string process) => int.Parse(File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ')[16]);
}
