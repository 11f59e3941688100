using System.Text;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Running;

public sealed class LogSinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Write_StreamRefuses_IsNotToldAndTheNextLineCounts()
    {
        using var stream = new Moody { Refuses = true };
        var log = new AgentLog(stream, TimeProvider.System);
        for (var i = 0; i < 3; i++)
            log.Info("lost");
        await log.FlushAsync(Patience);
        stream.Refuses = false;

        log.Info("kept");
        await log.FlushAsync(Patience);

        Assert.Collection(
            stream.Lines, line => Assert.EndsWith("warn log-lines-lost lines=3 reason=\"they could not be written\"", line, StringComparison.Ordinal), line => Assert.EndsWith("info kept", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_StreamIsStuck_NobodyWaitsAndMemoryHasABound()
    {
        using var free = new ManualResetEventSlim();
        using var stream = new Moody { Stuck = free };
        var sink = new LogSink(stream, missing => $"{missing} missing");
        sink.Write("stuck");
        await stream.IsEntered.WaitAsync(Patience);

        for (var i = 0; i < LogSink.MostWaiting * 2; i++)
            sink.Write("line");
        await sink.FlushAsync(TimeSpan.Zero);
        free.Set();
        await sink.FlushAsync(Patience);

        Assert.Equal(["stuck", $"{LogSink.MostWaiting} missing", .. Enumerable.Repeat("line", LogSink.MostWaiting)], stream.Lines);
    }

    [Fact]
    public async Task Run_StandardErrorOnAFullDisk_TasksFailAndTheAgentEndsInOrder()
    {
        using var folder = new TestFolder();
        await using var service = await FakeService.StartAsync();
        using var stream = new Moody { Refuses = true };
        using var stop = new CancellationTokenSource();
        var options = Given.Options(folder, $"service: {service.Address}", "tenant: acme", "heartbeatSeconds: 1", "capabilities: [command]", "stopGraceSeconds: 1");
        service.Offer(Given.Script("exit 1"), Given.Script("exit 2"));
        var run = new Agent.Running.AgentRun(options, new Agent.Options.AgentIdentity("agent-1", FakeService.Key), _ => null, TimeProvider.System, new AgentLog(stream, TimeProvider.System)).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => service.Results.Count == 2, "both results");

        await stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Check_StandardErrorOnAFullDisk_StillEndsWithItsExitCode()
    {
        using var stream = new Moody { Refuses = true };

        Assert.Equal(ExitCode.BadConfiguration, await new CommandLine(new Dictionary<string, string>(), stream, stream, TimeProvider.System).InvokeAsync(["check"]));
        Assert.Equal(ExitCode.Ok, await new CommandLine(new Dictionary<string, string>(), stream, stream, TimeProvider.System).InvokeAsync(["check", "--service", "http://localhost"]));
    }

    private sealed class Moody : TextWriter
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Lines { get; } = [];

        public bool Refuses { get; set; }

        public ManualResetEventSlim? Stuck { get; init; }

        public Task IsEntered => _entered.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => WriteLine(value.ToString());

        public override void WriteLine(string? value)
        {
            _entered.TrySetResult();
            Stuck?.Wait();
            if (Refuses)
                throw new IOException("No space left on device");
            Lines.Add(value!);
        }
    }
}
