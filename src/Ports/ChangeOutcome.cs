namespace Headgate.Ports;

public enum ConflictKind
{
    /// <summary>The row to insert exists.</summary>
    Exists,

    /// <summary>The row's ETag is not the expected one.</summary>
    Changed,

    /// <summary>The row to replace or delete does not exist.</summary>
    Missing,
}

/// <summary>A write whose condition failed: index of its batch, its index in the batch, and why.</summary>
public sealed record WriteConflict(int Batch, int Write, ConflictKind Kind);

/// <param name="AppliedBatches">How many leading batches were applied: all or none if the backend applies all as one.</param>
/// <param name="Conflict">Null if every batch was applied.</param>
/// <param name="ETags">The new ETags by applied batch and write; empty for deletes.</param>
public sealed record ChangeOutcome(int AppliedBatches, WriteConflict? Conflict, IReadOnlyList<IReadOnlyList<string>> ETags)
{
    public bool Succeeded => Conflict is null;
}
