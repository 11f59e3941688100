using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Attempts;

/// <summary>Why an attempt was stopped before it ended by itself.</summary>
internal enum StopReason
{
    None,
    Timeout,

    /// <summary>The service asked for it: reported as cancelled.</summary>
    Cancelled,

    /// <summary>The service took it away: nothing is reported.</summary>
    Lost,

    /// <summary>The agent itself is stopping: reported, or given back where it was not started, so that another agent gets it at once.</summary>
    AgentStopping,
}

internal enum AttemptState
{
    /// <summary>Handed out, not started: a limit of this agent is tighter than what the service goes by.</summary>
    Waiting,
    Running,

    /// <summary>Ended; the service has not answered its result yet.</summary>
    Reporting,
}

/// <summary>One attempt in this agent's hands.</summary>
internal sealed class Attempt(ClaimedTask task) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private TaskProgress? _progress;
    private int _reason;

    public CancellationToken Stopping => _stop.Token;

    public ClaimedTask Task { get; } = task;

    /// <summary>Written by <see cref="AttemptTable"/> alone.</summary>
    public AttemptState State { get; set; }

    /// <summary>As last heard; null where its type tells none.</summary>
    public TaskProgress? Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>The first reason stays, except that a lost attempt is lost whatever came before.</summary>
    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) != (int)StopReason.None && reason == StopReason.Lost)
            Volatile.Write(ref _reason, (int)reason);
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }

    public void Dispose() => _stop.Dispose();
}
