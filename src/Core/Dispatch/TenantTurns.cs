namespace Headgate.Core.Dispatch;

/// <summary>A tenant's place in the <see cref="TenantRotation"/>. Drop it with the tenant's last task, so that credit doesn't outlive the work. Not safe for concurrent use.</summary>
public sealed class TenantTurns(string tenantId)
{
    public string TenantId => tenantId;

    /// <summary>Its share of the turns, at least 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What it is owed, in turns times the sum of weights; negative after a turn it was not fully owed.</summary>
    internal int Credit { get; set; }
}
