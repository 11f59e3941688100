using System.Security.Cryptography;

namespace Headgate.Ports;

/// <summary>Chance as the system gives it, fetched for many calls at once.</summary>
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
        // 53 bits are what a double between 0 and 1 holds.
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

        // What was handed out is gone: nobody gets it again, nor finds it in memory.
        var given = fetched.AsSpan(FetchedBytes - s_left, bytes.Length);
        given.CopyTo(bytes);
        given.Clear();
        s_left -= bytes.Length;
    }
}
