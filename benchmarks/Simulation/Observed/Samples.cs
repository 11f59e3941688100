namespace Headgate.Simulation.Observed;

/// <summary>Lengths of waiting, in whole milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<long> _milliseconds = [];

    public void Add(TimeSpan wait) => _milliseconds.Add((long)wait.TotalMilliseconds);

    /// <summary>Nearest rank.</summary>
    public WaitFigures Figures()
    {
        _milliseconds.Sort();
        return new(_milliseconds.Count, At(0.5), At(0.95), At(0.99), At(1));
    }

    private double At(double share) =>
        _milliseconds.Count == 0 ? 0 : _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)] / 1000.0;
}

/// <summary>Seconds of virtual time.</summary>
internal sealed record WaitFigures(int Count, double P50, double P95, double P99, double Max);
