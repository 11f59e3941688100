using System.Security.Cryptography;
using System.Text;

namespace Headgate.Samples;

/// <summary>Judges what a webhook is sent, as Standard Webhooks says. Answer 2xx within five seconds to what is genuine, and 401 to what is not.</summary>
/// <param name="secret">The setting <c>Headgate:Notifications:{name}:Secret</c>: <c>whsec_</c> and base64.</param>
/// <param name="time">Tells how old a message is.</param>
public sealed class WebhookVerifier(string secret, TimeProvider time)
{
    private const string Prefix = "whsec_";
    private const string Version = "v1,";

    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = Convert.FromBase64String(secret[Prefix.Length..]);

    /// <summary>Whether the service sent this body, lately. One message may come twice: its id stays the same.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: one or more, with spaces between.</param>
    /// <param name="body">Byte for byte as it came.</param>
    public bool IsGenuine(string id, string timestamp, string signatures, string body)
    {
        if (!long.TryParse(timestamp, out var seconds) || (time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > s_tolerance)
            return false;
        var expected = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        return signatures.Split(' ').Any(signature => signature.StartsWith(Version, StringComparison.Ordinal) && IsSame(signature[Version.Length..], expected));
    }

    private static bool IsSame(string signature, byte[] expected)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(signature, given, out var length) && length == given.Length && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
