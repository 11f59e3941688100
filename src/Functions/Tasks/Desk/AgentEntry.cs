namespace Headgate.Functions.Tasks.Desk;

/// <summary>What <see cref="AgentDesk"/> knows of one agent. Everything that can be set is read and set in the entry's lock.</summary>
internal sealed class AgentEntry(string agentId, long now)
{
    public Lock Lock { get; } = new();

    public string AgentId => agentId;

    public SemaphoreSlim Turn { get; } = new(1);

    public FreedSlots Slots { get; } = new();

    /// <summary>It is no longer on the desk: whoever wants to write takes another.</summary>
    public bool IsGone { get; set; }

    /// <summary>Who waits or has the turn.</summary>
    public int Users { get; set; }

    /// <summary>Timestamp of the last sign of life; of the entry's making where there was none.</summary>
    public long At { get; set; } = now;

    public bool IsSeen { get; set; }

    /// <summary>Of the process that was seen; null where it does not name itself.</summary>
    public string? Session { get; set; }

    /// <summary>The agent may hold something, as far as its rows told.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Timestamp of the first deadline of its attempts; null where none is known.</summary>
    public long? Deadline { get; set; }

    /// <summary>How long it was asked to wait before its next claim; zero before the first.</summary>
    public int PaceSeconds { get; set; }

    /// <summary>The last round of the lease sweep that met the agent.</summary>
    public long Round { get; set; }

    /// <summary>Nothing is lost with it.</summary>
    public bool IsBare => Users == 0 && !IsSeen && !IsWatched && Deadline is null;
}
