using System.Diagnostics;
using System.Runtime.InteropServices;
using Headgate.Agent.Running;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Running;

/// <summary>What a terminal, a service manager or an impatient operator sends.</summary>
public sealed class StopSignalsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TestFolder _folder = new();
    private Process? _agent;

    public void Dispose()
    {
        // A test that failed may have left it.
        if (_agent is { HasExited: false })
            _agent.Kill(entireProcessTree: true);
        _agent?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Hear_Twice_StopsThenHurriesAndNeverLeavesItToTheSystem()
    {
        using var signals = new StopSignals();
        var (first, second) = (new PosixSignalContext(PosixSignal.SIGINT), new PosixSignalContext(PosixSignal.SIGHUP));

        signals.Hear(first);
        Assert.Equal((true, false), (signals.Stop.IsCancellationRequested, signals.Hurry.IsCancellationRequested));
        signals.Hear(second);

        Assert.Equal((true, true, true), (signals.Hurry.IsCancellationRequested, first.Cancel, second.Cancel));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public async Task Run_SignalToItsWholeGroup_TheTaskEndsWithinItsGraceAndTheAgentInOrder(string signal)
    {
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("echo $$ >> $1; until [ -e $2 ]; do sleep 0.01; done", 3600, _folder.At("ids"), _folder.At("go")));
        var agent = Start(service, graceSeconds: 3600);
        await Processes.WrittenAsync(_folder.At("ids"), 1);

        await SendAsync(signal, -agent.Id);
        await Eventually.TrueAsync(() => Log(agent).Contains("info stopping", StringComparison.Ordinal), "the agent stops");
        _folder.Write("go", "");
        await agent.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal((0, "success"), (agent.ExitCode, service.Results.Single().Status));
    }

    [Fact]
    public async Task Run_ASecondSignal_EndsTheGraceAndTheTask()
    {
        await using var service = await FakeService.StartAsync();
        service.Offer(Given.Script("echo $$ >> $1; exec sleep 300", 300, _folder.At("ids")));
        var agent = Start(service, graceSeconds: 3600);
        var task = Assert.Single(await Processes.WrittenAsync(_folder.At("ids"), 1));

        await SendAsync("INT", agent.Id);
        await Eventually.TrueAsync(() => Log(agent).Contains("info stopping", StringComparison.Ordinal), "the agent stops");
        await SendAsync("INT", agent.Id);
        await agent.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal((0, "lost-agent"), (agent.ExitCode, service.Results.Single().ErrorCategory));
        Assert.False(Processes.IsAlive(task));
    }

    private static async Task SendAsync(string signal, int id)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", "--", $"{id}"]);
        await kill.WaitForExitAsync();
    }

    private string Log(Process agent) => agent.HasExited ? "info stopping" : File.ReadAllText(_folder.At("log"));

    /// <summary>As the leader of a process group, as a shell starts it; the test itself may have been started in the background, with signals ignored.</summary>
    private Process Start(FakeService service, int graceSeconds)
    {
        var config = _folder.Write(
            "agent.yaml",
            $$"""
            service: {{service.Address}}
            agentId: agent-1
            tenant: acme
            heartbeatSeconds: 1
            stopGraceSeconds: {{graceSeconds}}
            capabilities: [command]
            allowedPrograms: [/bin/sh]
            environment: { set: { PATH: /usr/bin:/bin } }
            """);
        var start = new ProcessStartInfo(
            "/usr/bin/setsid", ["/bin/sh", "-c", "exec env --default-signal=HUP,INT,QUIT dotnet \"$1\" run --config \"$2\" 2> \"$3\"", "sh", Path.Combine(AppContext.BaseDirectory, "Headgate.Agent.dll"), config, _folder.At("log")]);
        start.Environment["HEADGATE_AGENT_KEY"] = FakeService.Key;
        return _agent = Process.Start(start)!;
    }
}
