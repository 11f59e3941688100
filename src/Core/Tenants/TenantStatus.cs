namespace Headgate.Core.Tenants;

/// <summary>Whether a tenant's runs are admitted.</summary>
public enum TenantStatus
{
    Active,

    /// <summary>The emergency brake: admits no runs and hands out no tasks. Tasks that run may finish.</summary>
    Paused,

    /// <summary>Stopped by an operator.</summary>
    Suspended,

    /// <summary>Closed; can only be activated again.</summary>
    Deactivated,
}

public static class TenantStatuses
{
    private static readonly string[] Names = ["active", "paused", "suspended", "deactivated"];

    public static IReadOnlyList<string> WireNames => Names;

    public static string WireName(this TenantStatus status) => Names[(int)status];

    public static bool TryParse(string? name, out TenantStatus status)
    {
        var index = name is null ? -1 : Array.IndexOf(Names, name);
        status = (TenantStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
