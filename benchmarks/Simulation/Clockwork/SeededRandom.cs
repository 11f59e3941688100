using System.Buffers.Binary;
using Headgate.Ports;

namespace Headgate.Simulation.Clockwork;

/// <summary>The service's own chance: ids, keys, jitter. One stream is enough, since one thread asks in one order.</summary>
internal sealed class SeededRandom(long seed, string purpose) : IRandomSource
{
    private readonly RandomStream _stream = new(seed, purpose);

    public double NextDouble() => _stream.NextDouble();

    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (bytes.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, _stream.NextBits());
            var taken = Math.Min(word.Length, bytes.Length);
            word[..taken].CopyTo(bytes);
            bytes = bytes[taken..];
        }
    }
}
