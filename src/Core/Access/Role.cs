using System.Diagnostics.CodeAnalysis;

namespace Headgate.Core.Access;

/// <summary>A member's role in its tenant. Each role has all permissions of those before it.</summary>
public enum Role
{
    Viewer = 0,
    Developer = 1,
    Admin = 2,
    Owner = 3,
}

/// <summary>Names of roles on the wire and in rows.</summary>
public static class Roles
{
    private static readonly string[] Names = ["viewer", "developer", "admin", "owner"];

    public static IReadOnlyList<string> All => Names;

    public static string WireName(this Role role) => Names[(int)role];

    /// <summary>Exact, lower-case names only.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out Role role)
    {
        var index = Array.IndexOf(Names, name);
        role = index < 0 ? default : (Role)index;
        return index >= 0;
    }
}
