using System.Security.Cryptography;

namespace Headgate.Ports;

/// <summary>The system's cryptographic random source, read in blocks per thread.</summary>
public sealed class SystemRandom : IRandomSource
{
    private const int FetchedBytes = 512;

    [ThreadStatic]
    private static byte[]? s_fetched;

    [ThreadStatic]
    private static int s_left;

    public double NextDouble()
    {
        Span<byte> bits = stackalloc byte[8];
        Fill(bits);
        // A double has 53 bits of precision.
        return (BitConverter.ToUInt64(bits) >> 11) * (1.0 / (1UL << 53));
    }

    public void Fill(Span<byte> bytes)
    {
        if (bytes.Length > FetchedBytes)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        var fetched = s_fetched ??= new byte[FetchedBytes];
        if (s_left < bytes.Length)
        {
            RandomNumberGenerator.Fill(fetched);
            s_left = FetchedBytes;
        }

        // Cleared, so that nobody gets the bytes again or finds them in memory.
        var given = fetched.AsSpan(FetchedBytes - s_left, bytes.Length);
        given.CopyTo(bytes);
        given.Clear();
        s_left -= bytes.Length;
    }
}
