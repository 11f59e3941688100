using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Functions.Alerts;

/// <summary>
/// Signs a message as Standard Webhooks 1.0 says (standardwebhooks.com): HMAC-SHA256 over id, Unix seconds and body, joined by dots, in base64 after
/// <c>v1,</c>.
/// </summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <param name="id">Holds no dot.</param>
    public static string Of(ReadOnlySpan<byte> key, string id, DateTimeOffset sentAt, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{Timestamp(sentAt)}.{body}")));

    public static string Timestamp(DateTimeOffset sentAt) => sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
