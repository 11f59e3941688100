using System.Security.Cryptography;

namespace Headgate.Functions.Ports;

/// <summary>Chance as the system gives it.</summary>
public sealed class SystemRandom : IRandomSource
{
    public double NextDouble()
    {
        Span<byte> bits = stackalloc byte[8];
        Fill(bits);
        // 53 bits are what a double between 0 and 1 holds.
        return (BitConverter.ToUInt64(bits) >> 11) * (1.0 / (1UL << 53));
    }

    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
