namespace Headgate.Engine.Replay;

/// <summary>Replay left the recorded history: the orchestrator was changed, or it depends on something that is not durable.</summary>
public sealed class NondeterminismException : Exception
{
    /// <param name="expected">As <see cref="Expected"/>.</param>
    /// <param name="asked">As <see cref="Asked"/>.</param>
    /// <param name="position">As <see cref="Position"/>.</param>
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

/// <summary>The orchestrator awaited something that is not durable, which replay can't repeat.</summary>
public sealed class ForeignAwaitException() : Exception(
    "The orchestrator awaited something that is not durable: await only tasks of its context, without ConfigureAwait(false), and leave everything else to activities.");
