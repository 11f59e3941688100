using System.Security.Cryptography;
using System.Text;

namespace Headgate.Functions.Stores.Agents;

/// <summary>
/// Agent ids follow from owner and name, so that registering the same agent again finds it: <c>agt-</c> and 20 hexadecimal digits
/// of their SHA-256.
/// </summary>
public static class AgentIds
{
    private const string Prefix = "agt-";
    private const int Length = 24;

    public static string Of(string? tenantId, string name) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenantId}\n{name}")).AsSpan(0, 10));

    public static bool IsWellFormed(string agentId) =>
        agentId.Length == Length && agentId.StartsWith(Prefix, StringComparison.Ordinal) && agentId.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits) is false;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");
}
