using Headgate.Core.Access;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Security;

/// <summary>Which role a person has in which tenant; remembered for 5 seconds, also that it has none. Whoever is removed here is out at once.</summary>
public sealed class Memberships(ITableStore tables, TimeProvider clock)
{
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private readonly LookupCache<Member> _cache = new(clock, Trust);

    /// <summary>Null where it is no member.</summary>
    public async ValueTask<Role?> RoleAsync(string tenantId, string subject, CancellationToken cancellationToken)
    {
        var name = NameOf(tenantId, subject);
        if (_cache.TryGet(name, out var known, out var age) && age < Trust)
            return known?.Role;
        var moment = _cache.Moment;
        var row = await tables.GetAsync(Table.Tenants, tenantId, MemberRow.Key(subject), cancellationToken);
        var member = row is null ? null : MemberRow.Read(row);
        _cache.Remember(name, member, moment);
        return member?.Role;
    }

    /// <summary>Makes this process ask the store again. Called after the member's row was written or deleted.</summary>
    public void Forget(string tenantId, string subject) => _cache.Forget(NameOf(tenantId, subject));

    // No tenant's id holds a slash.
    private static string NameOf(string tenantId, string subject) => $"{tenantId}/{subject}";
}
