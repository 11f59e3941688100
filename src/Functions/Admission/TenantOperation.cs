using Headgate.Core.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>
/// One change that rests on a tenant's ledger. The gate may decide it several times, each time on a newer snapshot; only the
/// last decision is written and answered.
/// </summary>
/// <typeparam name="TResult">What the caller gets.</typeparam>
public abstract class TenantOperation<TResult>
{
    /// <summary>Operations with the same key never share a batch: the later one must see what the earlier one wrote.</summary>
    public virtual string? ExclusiveKey => null;

    /// <summary>How long the operation may be held for a slot; null: not at all, or no more.</summary>
    public virtual HoldRequest? Hold => null;

    /// <summary>The hold is over, or there can be none: the next decision is the answer.</summary>
    public virtual void EndHold()
    {
    }

    /// <summary>Reads what the decision needs besides the snapshot. Called before each decision.</summary>
    public virtual ValueTask PrepareAsync() => ValueTask.CompletedTask;

    /// <summary>Decides without reading or waiting.</summary>
    public abstract TenantEdit<TResult> Decide(TenantSnapshot tenant, DateTimeOffset now);
}

/// <summary>What holds an operation, and what ends that.</summary>
/// <param name="Since">Timestamp of when it began.</param>
/// <param name="Longest">For how long.</param>
/// <param name="Leaving">Cancelled when the caller leaves: nobody waits for the answer any more.</param>
/// <param name="Stopping">Cancelled when the service stops: the answer is due at once.</param>
public sealed record HoldRequest(long Since, TimeSpan Longest, CancellationToken Leaving, CancellationToken Stopping);

/// <summary>What an operation wants written.</summary>
/// <param name="After">The ledger to store, or null where nothing is to be written at all: a refusal.</param>
public abstract record TenantEdit(Ledger? After)
{
    /// <summary>Writes in the tenant's own partition, in the ledger's transaction.</summary>
    public IReadOnlyList<TableWrite> Writes { get; init; } = [];

    /// <summary>Batches of other partitions that must stand before the ledger changes; repeatable.</summary>
    public IReadOnlyList<TableBatch> Preceding { get; init; } = [];

    /// <summary>Batches of other partitions that follow.</summary>
    public IReadOnlyList<TableBatch> Following { get; init; } = [];

    /// <summary>Messages that ride on the transaction.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; init; } = [];

    /// <summary>A run that goes to wait for a slot; its row is among the writes.</summary>
    public WaitingRun? Enters { get; init; }

    /// <summary>A run that waits no more, whose row's end is among the writes.</summary>
    public WaitingRun? Leaves { get; init; }

    /// <summary>There is no slot, and the operation may be held for one: it is not answered yet.</summary>
    public bool IsHeld { get; init; }
}

/// <param name="Result">For the caller, once everything is written.</param>
public sealed record TenantEdit<TResult>(TResult Result, Ledger? After = null) : TenantEdit(After);

public enum GateStatus
{
    /// <summary>Decided and, where there was something to write, written.</summary>
    Done,

    /// <summary>No such tenant.</summary>
    NoTenant,

    /// <summary>Other processes kept winning; nothing was written.</summary>
    Busy,

    /// <summary>A row of the operation itself was not as it was read; nothing was written. Read again and decide anew.</summary>
    Conflict,
}

/// <param name="Value">Set only when <paramref name="Status"/> is <see cref="GateStatus.Done"/>.</param>
public readonly record struct GateResult<TResult>(GateStatus Status, TResult? Value);
