namespace Headgate.Core.Dispatch;

/// <summary>A tenant's place in the <see cref="TenantRotation"/>. Where it is dropped with the tenant's last task, credit does not outlive the work. Not safe for concurrent use.</summary>
public sealed class TenantTurns(string tenantId)
{
    public string TenantId => tenantId;

    /// <summary>Its share of the turns, at least 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What it is owed, in turns times the weights of all; negative after a turn it was not owed in full.</summary>
    internal int Credit { get; set; }
}
