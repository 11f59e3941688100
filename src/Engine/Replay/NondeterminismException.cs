namespace Headgate.Engine.Replay;

/// <summary>Replay did not take the path that the history records: the orchestrator has changed, or decides from something that is not durable.</summary>
public sealed class NondeterminismException : Exception
{
    /// <summary>Names what the history holds and what the orchestrator did instead.</summary>
    /// <param name="expected">What the history holds.</param>
    /// <param name="asked">What the orchestrator asked for.</param>
    /// <param name="position">The event's place in the history of this generation, from 0.</param>
    public NondeterminismException(string expected, string asked, int position)
        : base($"The orchestrator left the path of its history: expected {expected}, asked {asked}, at event {position}.")
    {
        Expected = expected;
        Asked = asked;
        Position = position;
    }

    /// <summary>What the history holds.</summary>
    public string Expected { get; }

    /// <summary>What the orchestrator asked for.</summary>
    public string Asked { get; }

    /// <summary>The event's place in the history of this generation, from 0.</summary>
    public int Position { get; }
}

/// <summary>The orchestrator waited for something that is not durable, which no replay could repeat.</summary>
public sealed class ForeignAwaitException() : Exception(
    "The orchestrator awaited something that is not durable: await only tasks of its context, without ConfigureAwait(false), and leave everything else to activities.");
