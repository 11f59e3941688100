using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Http.Tenants;

/// <summary>The header <c>If-Match</c>: absent or <c>*</c> allows anything, otherwise one of the ETags must be the current one.</summary>
internal readonly struct IfMatch
{
    private readonly string[]? _etags;

    private IfMatch(string[] etags) => _etags = etags;

    public static IfMatch Of(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        return header.Count == 0 ? default : new IfMatch(header.ToString().Split(',', StringSplitOptions.TrimEntries));
    }

    /// <summary>Weak ETags never match, as HTTP has it for writes.</summary>
    public bool Allows(string current) => _etags is null || Array.Exists(_etags, etag => etag == "*" || etag == current);
}
