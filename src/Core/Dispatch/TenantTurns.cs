namespace Headgate.Core.Dispatch;

/// <summary>A tenant's place in the <see cref="TenantRotation"/>. To be dropped once it has no work left: credit neither piles up nor leaks memory. Not safe for concurrent use.</summary>
public sealed class TenantTurns(string tenantId)
{
    public string TenantId => tenantId;

    /// <summary>Its share of the turns, at least 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What it is owed, in turns times the weights of all.</summary>
    internal int Credit { get; set; }
}
