using Headgate.Ports;

namespace Headgate.LocalHost.Drill;

/// <summary>Chance that makes every backoff nearly as long as it can be; what must be secret stays so.</summary>
internal sealed class EvenChance : IRandomSource
{
    private readonly SystemRandom _system = new();

    public double NextDouble() => 0.9;

    public void Fill(Span<byte> bytes) => _system.Fill(bytes);
}
