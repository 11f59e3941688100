using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Headgate.Ports;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// An API key as its holder has it: <c>hg_{id}_{secret}</c>. The id is 1..64 letters, digits and dashes and names the row;
/// the secret is 16..128 letters, digits, dashes and underscores. Only the secret's SHA-256 is ever stored: secrets of our
/// making hold 256 random bits, which no guessing reaches, so a slow hash would protect nothing.
/// </summary>
public static class ApiKey
{
    public const int HashBytes = 32;
    public const int MinOperatorSecret = 32;
    public const int MinOperatorDistinct = 16;

    private const string Prefix = "hg_";
    private const int MaxId = 64;
    private const int MinSecret = 16;
    private const int MaxSecret = 128;
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(Alphanumeric + "-");
    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create(Alphanumeric + "-_");

    /// <summary>Splits a key. The parts are windows into <paramref name="text"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;

        var rest = text[Prefix.Length..];
        var end = rest.IndexOf('_');
        if (end is < 1 or > MaxId || rest.Length - end - 1 is < MinSecret or > MaxSecret)
            return false;

        id = rest[..end];
        secret = rest[(end + 1)..];
        return !id.ContainsAnyExcept(IdCharacters) && !secret.ContainsAnyExcept(SecretCharacters);
    }

    /// <summary>A new key: 64 random bits name it, 256 are its secret.</summary>
    public static (string Id, string Key, byte[] Hash) Generate(IRandomSource random)
    {
        Span<byte> bits = stackalloc byte[8 + 32];
        random.Fill(bits);
        var id = Convert.ToHexStringLower(bits[..8]);
        var secret = Base64Url.EncodeToString(bits[8..]);
        return (id, $"{Prefix}{id}_{secret}", Hash(secret));
    }

    public static byte[] Hash(ReadOnlySpan<char> secret)
    {
        var hash = new byte[HashBytes];
        Hash(secret, hash);
        return hash;
    }

    /// <summary>Whether the secret has this hash; the time it takes does not tell how near it came.</summary>
    public static bool Matches(ReadOnlySpan<char> secret, ReadOnlySpan<byte> hash)
    {
        Span<byte> actual = stackalloc byte[HashBytes];
        Hash(secret, actual);
        return CryptographicOperations.FixedTimeEquals(actual, hash);
    }

    private static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[MaxSecret];
        var count = Encoding.ASCII.GetBytes(secret, ascii);
        SHA256.HashData(ascii[..count], hash);
    }
}
