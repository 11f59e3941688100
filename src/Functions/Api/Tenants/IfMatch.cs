using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Api.Tenants;

/// <summary>
/// The header <c>If-Match</c>: absent allows anything, <c>*</c> whatever exists, a list one of whose ETags is the current one. Weak ETags match
/// nothing, as HTTP has it for writes, and neither does a header that is no such list.
/// </summary>
internal readonly struct IfMatch
{
    private static readonly IList<EntityTagHeaderValue> s_nothing = [];

    private readonly IList<EntityTagHeaderValue>? _etags;

    private IfMatch(IList<EntityTagHeaderValue> etags) => _etags = etags;

    public static IfMatch Of(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
            return default;
        return new IfMatch(EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var etags) && !IsMixed(etags) ? etags : s_nothing);
    }

    public bool Allows(string current) =>
        _etags is null || _etags.Any(etag => !etag.IsWeak && (etag.Tag == EntityTagHeaderValue.Any.Tag || etag.Tag == current));

    /// <summary><c>*</c> stands alone.</summary>
    private static bool IsMixed(IList<EntityTagHeaderValue> etags) => etags.Count > 1 && etags.Any(etag => etag.Tag == EntityTagHeaderValue.Any.Tag);
}
