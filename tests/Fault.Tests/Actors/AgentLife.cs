using Headgate.Agent;
using Headgate.Agent.Options;
using Headgate.Agent.Running;

namespace Headgate.Fault.Tests.Actors;

/// <summary>One life of the project's own agent, from start to stop.</summary>
/// <param name="name">By which the proxy knows it.</param>
internal sealed class AgentLife(string name, AgentOptions options, AgentIdentity identity, TimeProvider time)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly StringWriter _log = new();
    private Task<int>? _ended;

    public string Name => name;

    public string State => options.StateDirectory;

    public bool IsStopped { get; private set; }

    /// <summary>Its exit code.</summary>
    public Task<int> Ended => _ended ??= new AgentRun(options, identity, _ => null, time, new AgentLog(TextWriter.Synchronized(_log), time)).RunAsync(_stop.Token, _hurry.Token);

    /// <summary>It ended though nobody stopped it.</summary>
    public bool HasGivenUp => !IsStopped && Ended.IsCompleted;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public async Task<int> StopAsync(bool isHurried = false)
    {
        IsStopped = true;
        await _stop.CancelAsync();
        if (isHurried)
            await _hurry.CancelAsync();
        return await Ended;
    }
}
