using System.Collections.Concurrent;

namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// Lets one operation at a time look at an agent and write what rests on that look. Between processes the ETag of the agent's
/// load row does the same.
/// </summary>
public sealed class AgentTurns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the agent's turn; dispose to end it.</summary>
    public async ValueTask<Turn> TakeAsync(string agentId, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(agentId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    public readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
