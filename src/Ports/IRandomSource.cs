namespace Headgate.Ports;

/// <summary>Chance, injected. Safe for concurrent use.</summary>
public interface IRandomSource
{
    /// <summary>Uniform in [0, 1); for jitter.</summary>
    double NextDouble();

    /// <summary>Unpredictable bytes, fit for secrets and ids.</summary>
    void Fill(Span<byte> bytes);
}
