namespace Headgate.Core.Access;

/// <summary>Some of the permissions, each at most once.</summary>
/// <param name="Bits">One for each permission, the enumeration's number from the lowest.</param>
public readonly record struct PermissionSet(ulong Bits)
{
    public static PermissionSet None => default;

    public static PermissionSet Of(IEnumerable<Permission> permissions) => new(permissions.Aggregate(0UL, (bits, permission) => bits | BitOf(permission)));

    public bool Contains(Permission permission) => (Bits & BitOf(permission)) != 0;

    /// <summary>Those that are in both.</summary>
    public PermissionSet And(PermissionSet other) => new(Bits & other.Bits);

    /// <summary>Those that are not in the other.</summary>
    public PermissionSet Except(PermissionSet other) => new(Bits & ~other.Bits);

    /// <summary>In the order of the enumeration.</summary>
    public IEnumerable<Permission> Items()
    {
        foreach (var permission in PermissionMatrix.All)
        {
            if (Contains(permission))
                yield return permission;
        }
    }

    private static ulong BitOf(Permission permission) => 1UL << (int)permission;
}
