using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Agent.Running;
using Headgate.Agent.Tests.Support;
using Headgate.TestKit;

namespace Headgate.Agent.Tests.Running;

public sealed partial class SystemdTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_NotifySocket_HearsReadyThenConnectedThenStopping()
    {
        await using var service = await FakeService.StartAsync();
        using var systemd = Listener(_folder.At("notify"));
        await using var agent = new RunningAgent(_folder, service, TimeProvider.System, name => name == ReadyNotice.Variable ? _folder.At("notify") : null);

        Assert.Equal("READY=1\nSTATUS=looks for the service", await HearAsync(systemd));
        Assert.Equal($"STATUS=works for {service.Address}/", await HearAsync(systemd));
        var stopping = agent.StopAsync();
        Assert.Equal("STOPPING=1\nSTATUS=waits for running tasks", await HearAsync(systemd));
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task RunAsync_ServiceAway_IsReadyAllTheSame()
    {
        await using var service = await FakeService.StartAsync();
        service.Away = true;
        using var systemd = Listener(_folder.At("notify"));
        await using var agent = new RunningAgent(_folder, service, TimeProvider.System, name => name == ReadyNotice.Variable ? _folder.At("notify") : null);

        var heard = new List<string> { await HearAsync(systemd), await HearAsync(systemd) };

        Assert.Contains("READY=1\nSTATUS=looks for the service", heard);
        Assert.Contains($"STATUS=has lost {service.Address}/", heard);
    }

    [Fact]
    public async Task Ready_NameOfTheAbstractKind_ArrivesThere()
    {
        var name = $"headgate-{Guid.NewGuid():N}";
        using var systemd = Listener("\0" + name);

        new ReadyNotice("@" + name).Ready("x");

        Assert.Equal("READY=1\nSTATUS=x", await HearAsync(systemd));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/no/such/socket")]
    public void Ready_NobodyListens_IsNoFault(string? socket) => new ReadyNotice(socket).Ready("x");

    [Fact]
    public async Task Log_IntoTheJournal_HasAPriorityAndNoTime()
    {
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System, isJournal: true);
        log.Info("a", ("x", 1));
        log.Warn("b");
        log.Error("c", ("reason", "two\nlines"));
        await log.FlushAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("<6>info a x=1\n<4>warn b\n<3>error c reason=\"two lines\"\n", text.ToString());
    }

    [Theory]
    [InlineData("8:12345", "socket:[12345]", true)]
    [InlineData("8:12345", "socket:[2345]", false)]
    [InlineData("8:12345", "/tmp/agent.log", false)]
    [InlineData("8:12345", null, false)]
    [InlineData("12345", "socket:[12345]", false)]
    [InlineData("", "socket:[]", false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData(null, "socket:[12345]", false)]
    public void IsJournal_StandardErrorIsTheSocketThatSystemdNamed_Only(string? variable, string? standardError, bool isJournal) =>
        Assert.Equal(isJournal, AgentLog.IsJournal(variable, standardError));

    /// <summary>A program that a service starts with its standard error elsewhere has the variable too.</summary>
    [Fact]
    public async Task Log_VariableOfAnotherStream_HasTheTime()
    {
        await using var text = new StringWriter();
        var line = new CommandLine(new Dictionary<string, string> { [AgentLog.JournalVariable] = "8:1", ["HEADGATE_AGENT_SERVICE_PORT"] = "tcp://10.0.0.1:80" }, TextWriter.Null, text, new ManualClock());
        await line.InvokeAsync(["check", "--config", _folder.At("none.yaml")]);

        Assert.Contains("Z info ignored", text.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The unit names what the program has: exit codes, the command, and a stop that is longer than the agent's own.</summary>
    [Fact]
    public void Unit_InTheRepository_FitsTheProgram()
    {
        var unit = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "headgate-agent.service"));

        Assert.Contains("Type=notify\n", unit, StringComparison.Ordinal);
        Assert.Contains($"RestartPreventExitStatus={ExitCode.BadConfiguration} {ExitCode.NotAuthorised}\n", unit, StringComparison.Ordinal);
        Assert.Contains("ExecStart=/opt/headgate-agent/Headgate.Agent run --config ", unit, StringComparison.Ordinal);
        Assert.InRange(int.Parse(StopSeconds().Match(unit).Groups["seconds"].Value), 20 + 10 + 5 + 2, 90);
    }

    private static Socket Listener(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, late.Token));
    }

    [GeneratedRegex(@"^TimeoutStopSec=(?<seconds>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex StopSeconds();
}
