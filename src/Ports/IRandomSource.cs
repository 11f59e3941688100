namespace Headgate.Ports;

/// <summary>Safe for concurrent use.</summary>
public interface IRandomSource
{
    /// <summary>Uniform in [0, 1); for jitter.</summary>
    double NextDouble();

    /// <summary>Cryptographically strong, for secrets and ids.</summary>
    void Fill(Span<byte> bytes);
}
