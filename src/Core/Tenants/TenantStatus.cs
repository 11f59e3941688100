namespace Headgate.Core.Tenants;

/// <summary>Whether a tenant's runs are admitted.</summary>
public enum TenantStatus
{
    /// <summary>Admits runs.</summary>
    Active,

    /// <summary>The emergency brake: refuses new runs and hands no task out; what runs, finishes.</summary>
    Paused,

    /// <summary>Stopped by an operator.</summary>
    Suspended,

    /// <summary>Closed. Only activation leads back.</summary>
    Deactivated,
}

/// <summary>Names on the wire and in rows.</summary>
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
