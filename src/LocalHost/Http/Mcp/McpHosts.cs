using System.Net;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.LocalHost.Http.Mcp;

/// <summary>
/// Under which names tools may be called. A page in a browser on this machine reaches the service by a name of its own that leads here (DNS rebinding), or says in
/// <c>Origin</c> where it is from.
/// </summary>
/// <param name="names">Of the settings, with commas between.</param>
/// <param name="listensOn">The address that the service listens on.</param>
internal sealed class McpHosts(string names, string listensOn)
{
    private readonly HashSet<string> _names = new(names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase) { listensOn };

    /// <summary>Null where the call may go on.</summary>
    public Refusal? Refuse(HttpRequest request)
    {
        if (!IsOurs(request.Host.Host))
            return NotAllowed("Host");
        var origin = request.Headers.Origin;
        if (origin.Count == 0)
            return null;
        return origin.Count == 1 && Uri.TryCreate(origin[0], UriKind.Absolute, out var page) && IsOurs(page.Host) ? null : NotAllowed("Origin");
    }

    private bool IsOurs(string name)
    {
        var bare = name.Trim('[', ']');
        return bare.Equals("localhost", StringComparison.OrdinalIgnoreCase) || _names.Contains(bare) || (IPAddress.TryParse(bare, out var address) && IPAddress.IsLoopback(address));
    }

    private static Refusal NotAllowed(string header) =>
        new Refusal(403, "host-not-allowed", "Tools are not called from there").With("message", $"The header {header} names neither this machine nor one of Headgate:Mcp:Hosts");
}
