using Headgate.Agent.Options;
using Headgate.Agent.Running;

namespace Headgate.Agent.Tests.Support;

/// <summary>An agent's whole life inside the test, against a service; stops when disposed.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _log = new();

    public RunningAgent(TestFolder folder, FakeService service, params string[] lines)
        : this(folder, service, TimeProvider.System, _ => null, lines)
    {
    }

    public RunningAgent(TestFolder folder, FakeService service, TimeProvider time, Func<string, string?> variable, params string[] lines)
    {
        var options = Given.Options(folder, [.. Given.WithTypes(lines), $"service: {service.Address}", "tenant: acme", "heartbeatSeconds: 1"]);
        Ended = new AgentRun(options, new AgentIdentity("agent-1", FakeService.Key), variable, time, new AgentLog(TextWriter.Synchronized(_log), time)).RunAsync(_stop.Token);
    }

    /// <summary>The exit code.</summary>
    public Task<int> Ended { get; }

    public string Log => _log.ToString();

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        await _log.DisposeAsync();
    }
}
