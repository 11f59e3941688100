using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>A waiting operation without its result's type, so that one lane can serve all kinds.</summary>
internal abstract class TenantCall
{
    public abstract string? ExclusiveKey { get; }

    public abstract HoldRequest? Hold { get; }

    public abstract ValueTask PrepareAsync();

    /// <summary>Decides and keeps the edit; the newest one counts.</summary>
    protected abstract TenantEdit Decide(TenantSnapshot tenant, DateTimeOffset now);

    /// <summary>Null where the decision failed: its caller has been told, and nothing of it is written.</summary>
    public TenantEdit? TryDecide(TenantSnapshot tenant, DateTimeOffset now)
    {
        try
        {
            return Decide(tenant, now);
        }
        catch (Exception failure)
        {
            // A bug in one operation must not fail those that happen to wait beside it.
            Fail(failure);
            return null;
        }
    }

    public abstract void EndHold();

    /// <summary>Its caller has left.</summary>
    public abstract void Abandon();

    public abstract void Complete(GateStatus status);

    public abstract void Fail(Exception exception);
}

internal sealed class TenantCall<TResult>(TenantOperation<TResult> operation) : TenantCall
{
    // The lane's runner must not run its callers' continuations in between.
    private readonly TaskCompletionSource<GateResult<TResult>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TenantEdit<TResult>? _edit;

    public Task<GateResult<TResult>> Result => _completion.Task;

    public override string? ExclusiveKey => operation.ExclusiveKey;

    public override HoldRequest? Hold => operation.Hold;

    public override ValueTask PrepareAsync() => operation.PrepareAsync();

    protected override TenantEdit Decide(TenantSnapshot tenant, DateTimeOffset now) => _edit = operation.Decide(tenant, now);

    public override void EndHold() => operation.EndHold();

    public override void Abandon() => _completion.TrySetCanceled();

    public override void Complete(GateStatus status) =>
        _completion.TrySetResult(new GateResult<TResult>(status, status == GateStatus.Done && _edit is not null ? _edit.Result : default));

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
