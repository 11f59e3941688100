namespace Headgate.Ports;

public enum ConflictKind
{
    /// <summary>An insert met an existing row.</summary>
    Exists,

    /// <summary>The row has another ETag than the one asked for.</summary>
    Changed,

    /// <summary>The row to replace or delete is gone.</summary>
    Missing,
}

/// <summary>Which write lost the race: its batch, its place in the batch, and how.</summary>
public sealed record WriteConflict(int Batch, int Write, ConflictKind Kind);

/// <summary>What became of a change.</summary>
/// <param name="AppliedBatches">How many leading batches stand. On a ground that applies all as one: all or none.</param>
/// <param name="Conflict">Null when every batch was applied.</param>
/// <param name="ETags">The new ETags by batch and write, empty strings for deletes; only of applied batches.</param>
public sealed record ChangeOutcome(int AppliedBatches, WriteConflict? Conflict, IReadOnlyList<IReadOnlyList<string>> ETags)
{
    public bool Succeeded => Conflict is null;
}
