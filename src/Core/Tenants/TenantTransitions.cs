namespace Headgate.Core.Tenants;

/// <summary>The allowed changes of a tenant's status. Staying in one is not listed.</summary>
public static class TenantTransitions
{
    public static IReadOnlyList<TenantStatus> From(TenantStatus from) => from switch
    {
        TenantStatus.Active => [TenantStatus.Suspended, TenantStatus.Paused, TenantStatus.Deactivated],
        TenantStatus.Suspended => [TenantStatus.Active, TenantStatus.Deactivated],
        TenantStatus.Paused => [TenantStatus.Active, TenantStatus.Deactivated],
        TenantStatus.Deactivated => [TenantStatus.Active],
        _ => throw new ArgumentOutOfRangeException(nameof(from)),
    };

    public static bool Allows(TenantStatus from, TenantStatus to) => From(from).Contains(to);
}
