using Headgate.Core.Access;
using Xunit;

namespace Headgate.Core.Tests.Access;

public sealed class PermissionMatrixTests
{
    [Theory]
    [InlineData("tenant:read", "viewer")]
    [InlineData("tenant:update", "admin")]
    [InlineData("tenant:delete", "owner")]
    [InlineData("tenant:billing", "owner")]
    [InlineData("member:read", "admin")]
    [InlineData("member:invite", "admin")]
    [InlineData("member:remove", "admin")]
    [InlineData("member:update_role", "owner")]
    [InlineData("repo:read", "viewer")]
    [InlineData("repo:connect", "admin")]
    [InlineData("repo:disconnect", "admin")]
    [InlineData("repo:settings", "developer")]
    [InlineData("run:read", "viewer")]
    [InlineData("run:create", "developer")]
    [InlineData("run:cancel", "developer")]
    [InlineData("settings:read", "viewer")]
    [InlineData("settings:update", "admin")]
    [InlineData("agent:read", "admin")]
    [InlineData("agent:create", "admin")]
    [InlineData("agent:update", "admin")]
    [InlineData("agent:delete", "admin")]
    [InlineData("deadletter:read", "viewer")]
    [InlineData("deadletter:replay", "developer")]
    [InlineData("key:read", "admin")]
    [InlineData("key:create", "admin")]
    [InlineData("key:rotate", "admin")]
    [InlineData("key:revoke", "admin")]
    [InlineData("audit:read", "admin")]
    [InlineData("platform:operate", "nobody")]
    public void Allows_EachPermission_FromItsLeastRoleUp(string wireName, string least)
    {
        var permission = Enum.GetValues<Permission>().Single(each => each.WireName() == wireName);

        var holders = Enum.GetValues<Role>().Where(role => PermissionMatrix.Allows(role, permission)).Select(role => role.WireName());

        Assert.Equal(least == "nobody" ? [] : Roles.All.SkipWhile(name => name != least), holders);
    }

    [Fact]
    public void Table_Enum_EachPermissionAtItsOwnPlace()
    {
        var names = Enum.GetValues<Permission>().Select(each => each.WireName()).ToList();

        Assert.Equal(29, names.Distinct(StringComparer.Ordinal).Count());
        foreach (var permission in Enum.GetValues<Permission>())
            Assert.Equal(permission.ToString(), permission.WireName().Replace(":", "").Replace("_", ""), ignoreCase: true);
    }

    [Fact]
    public void Allows_UnknownPermissionOrRole_Denied()
    {
        Assert.False(PermissionMatrix.Allows(Role.Owner, (Permission)999));
        Assert.False(PermissionMatrix.Allows(Role.Owner, (Permission)(-1)));
        Assert.False(PermissionMatrix.Allows((Role)99, Permission.RunRead));
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("Owner", false)]
    [InlineData("member", false)]
    [InlineData(null, false)]
    public void TryParse_Name_ExactOnly(string? name, bool expected) => Assert.Equal(expected, Roles.TryParse(name, out _));

    [Theory]
    [InlineData("key:rotate", true)]
    [InlineData("Key:rotate", false)]
    [InlineData("key", false)]
    [InlineData("", false)]
    public void TryParsePermission_Name_ExactOnly(string name, bool expected)
    {
        Assert.Equal(expected, PermissionMatrix.TryParse(name, out var permission));
        Assert.Equal(expected ? Permission.KeyRotate : default, permission);
    }

    [Fact]
    public void Of_EachRole_IsWhatTheMatrixAllows()
    {
        foreach (var role in Enum.GetValues<Role>())
            Assert.Equal(Enum.GetValues<Permission>().Where(permission => PermissionMatrix.Allows(role, permission)), PermissionMatrix.Of(role).Items());
    }

    [Fact]
    public void PermissionSet_AndExcept_AreThoseOfSets()
    {
        var some = PermissionSet.Of([Permission.RunRead, Permission.RunCreate]);
        var others = PermissionSet.Of([Permission.RunCreate, Permission.PlatformOperate]);

        Assert.Equal([Permission.RunCreate], some.And(others).Items());
        Assert.Equal([Permission.RunRead], some.Except(others).Items());
        Assert.Equal(PermissionSet.None, some.Except(some));
        Assert.True(others.Contains(Permission.PlatformOperate));
        Assert.False(others.Contains(Permission.RunRead));
    }
}
