using Headgate.Ports;

namespace Headgate.Functions.Tests.Support;

/// <summary>Chance that is the same in every run of a test, and different at every call.</summary>
internal sealed class SequenceRandom : IRandomSource
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(20300101);

    public double NextDouble()
    {
        lock (_lock)
            return _random.NextDouble();
    }

    public void Fill(Span<byte> bytes)
    {
        lock (_lock)
            _random.NextBytes(bytes);
    }
}
