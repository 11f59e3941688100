using System.Diagnostics;
using System.Runtime.InteropServices;
using Headgate.Agent.Files;
using Headgate.Agent.Quotas;
using Headgate.Agent.Tests.Support;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Quotas;

/// <summary>Read from outside: what the system says of a child.</summary>
public sealed class ChildQuotaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "idle", 19, 3 << 13)]
    [InlineData(50, "low", 9, (2 << 13) | 7)]
    [InlineData(100, "normal", 0, (2 << 13) | 4)]
    public void Start_QuotaInForce_IsTheChildsNiceValueAndIoPriority(int percent, string io, int nice, int priority)
    {
        var quota = new ChildQuota(Quota.Unlimited, new CpuGroup(null, Given.Silent), Given.Silent);
        quota.Apply(Settings(percent, io, null));

        using var child = Sleeping(quota);
        var seen = (Nice(child.Id), IoPriority(child.Id));
        child.Kill();

        var own = Nice(Environment.ProcessId);
        Assert.Equal((percent == 100 ? own : Math.Max(nice, own), priority), seen);
    }

    [Fact]
    public void Start_LowThenNormal_RaisesTheNextChildAgainAndLeavesTheAgentAsItIs()
    {
        var quota = new ChildQuota(Quota.Unlimited, new CpuGroup(null, Given.Silent), Given.Silent);
        var before = Nice(Environment.ProcessId);
        quota.Apply(Settings(1, "idle", null));
        using var low = Sleeping(quota);
        quota.Apply(Settings(100, "normal", null));
        using var normal = Sleeping(quota);

        var seen = (Nice(low.Id), Nice(normal.Id), Nice(Environment.ProcessId));
        low.Kill();
        normal.Kill();

        Assert.Equal((19, before, before), seen);
    }

    [Fact]
    public void Start_NoSuchProgram_ThrowsAsTheSystemSays()
    {
        var quota = new ChildQuota(Quota.Unlimited, new CpuGroup(null, Given.Silent), Given.Silent);
        using var process = new Process { StartInfo = new ProcessStartInfo("/no/such/program") };

        Assert.Equal(2, Assert.Throws<System.ComponentModel.Win32Exception>(() => quota.Start(process)).NativeErrorCode);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(50, 9)]
    [InlineData(1, 19)]
    public void Nice_Quota_IsSpreadOverTheRange(int percent, int nice) => Assert.Equal(nice, (Quota.Unlimited with { CpuPercent = percent }).Nice);

    [Theory]
    [InlineData(null, 1, null)]
    [InlineData(100, 1, 12207)]
    [InlineData(100, 2, 6103)]
    [InlineData(1, 1, 122)]
    [InlineData(1, 1000, 1)]
    [InlineData(100000, 1, 12207031)]
    [InlineData(100, 0, 12207)]
    public void KibPerSecond_SoManyTransfers_ShareTheBandwidth(int? mbps, int transfers, int? share) =>
        Assert.Equal(share, (Quota.Unlimited with { BandwidthMbps = mbps }).KibPerSecond(transfers));

    [Theory]
    [InlineData(50, "low", null, 50, "low", 40)]
    [InlineData(80, "idle", 20, 70, "idle", 20)]
    [InlineData(0, "odd", 0, 1, "low", 1)]
    [InlineData(1000, "normal", 100000, 70, "normal", 40)]
    public void TightenedBy_Settings_NeverWiden(int percent, string io, int? mbps, int cpuThen, string ioThen, int mbpsThen) =>
        Assert.Equal(new Quota(cpuThen, ioThen, mbpsThen), new Quota(70, "normal", 40).TightenedBy(Settings(percent, io, mbps)));

    [Fact]
    public void CreateIn_AGroupOfItsOwn_MovesTheAgentInsideAndSetsTheCeiling()
    {
        var own = Group("cpu memory", Environment.ProcessId);
        Directory.CreateDirectory(Path.Combine(own, "headgate.tasks"));

        var group = CpuGroup.CreateIn(own, Given.Silent);

        Assert.Equal(Path.Combine(own, "headgate.tasks"), group.Folder);
        Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(Path.Combine(own, "headgate.agent/cgroup.procs")));
        Assert.Equal("+cpu", File.ReadAllText(Path.Combine(own, "cgroup.subtree_control")));
        Assert.Equal($"{Environment.ProcessorCount * 25_000} 100000", group.Limit(25));
        Assert.Equal($"{Environment.ProcessorCount * 25_000} 100000", File.ReadAllText(Path.Combine(group.Folder!, "cpu.max")));
        Assert.Equal("max 100000", group.Limit(100));
        group.Take(4711);
        Assert.Equal("4711", File.ReadAllText(Path.Combine(group.Folder!, "cgroup.procs")));
    }

    [Fact]
    public void CreateIn_StartedFromTheInnerGroup_FindsTheSameOne()
    {
        var own = Group("cpu", Environment.ProcessId);

        Assert.Equal(Path.Combine(own, "headgate.tasks"), CpuGroup.CreateIn(Path.Combine(own, "headgate.agent"), Given.Silent).Folder);
    }

    [Theory]
    [InlineData("memory io", 0)]
    [InlineData("cpu", 1)]
    public async Task CreateIn_NoControllerOrOthersInTheGroup_LeavesItAloneAndSaysSo(string controllers, int others)
    {
        var own = Group(controllers, [Environment.ProcessId, .. Enumerable.Repeat(1, others)]);
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System);

        var group = CpuGroup.CreateIn(own, log);

        await log.FlushAsync(TimeSpan.FromSeconds(30));
        Assert.Null(group.Folder);
        Assert.Null(group.Limit(25));
        Assert.Contains("info no-cpu-group reason=", text.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(own, "cgroup.subtree_control")));
    }

    /// <summary>On the machine as it is: either the child is in the group with its ceiling, or the log says why there is none.</summary>
    [Fact]
    public async Task Create_ThisMachine_HoldsTheChildOrSaysWhyNot()
    {
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System);
        var group = CpuGroup.Create(Quota.Unlimited with { CpuPercent = 50 }, log);
        using var child = Sleeping(new ChildQuota(Quota.Unlimited, group, log));
        var groups = await File.ReadAllLinesAsync($"/proc/{child.Id}/cgroup");
        child.Kill();
        await log.FlushAsync(TimeSpan.FromSeconds(30));

        if (group.Folder is null)
            Assert.Contains("no-cpu-group reason=", text.ToString(), StringComparison.Ordinal);
        else
            Assert.Contains(groups, line => line.StartsWith("0::", StringComparison.Ordinal) && line.EndsWith("/headgate.tasks", StringComparison.Ordinal));
    }

    private static AgentSettings Settings(int percent, string io, int? mbps) => new(1, new Dictionary<string, int>(), percent, io, mbps, 1);

    private static Process Sleeping(ChildQuota quota)
    {
        var process = new Process { StartInfo = new ProcessStartInfo("/bin/sleep", ["300"]) };
        quota.Start(process);
        return process;
    }

    private static int Nice(int processId) => int.Parse(File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1].Split(' ')[16]);

    // ioprio_get of one process.
    private static int IoPriority(int processId) => (int)Posix.SystemCall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 252 : 31, 1, processId, 0);

    /// <summary>A folder that looks like a control group below the root.</summary>
    private string Group(string controllers, params IReadOnlyList<int> members)
    {
        _folder.Write("group/cgroup.controllers", controllers);
        _folder.Write("group/cgroup.type", "domain");
        _folder.Write("group/cgroup.procs", string.Join('\n', members));
        return _folder.At("group");
    }
}
