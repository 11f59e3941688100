using System.Security.Cryptography;
using Headgate.Functions.Ports;

namespace Headgate.LocalHost;

/// <summary>Chance as the system gives it.</summary>
internal sealed class SystemRandom : IRandomSource
{
    public double NextDouble() => Random.Shared.NextDouble();

    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
