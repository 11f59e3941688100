namespace Headgate.LocalHost.Chaos;

/// <summary>Chance that a seed repeats, as far as threads that race allow. Safe for concurrent use.</summary>
internal sealed class ChaosDice(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <param name="least">Included.</param>
    /// <param name="most">Included.</param>
    public int Between(int least, int most)
    {
        lock (_gate)
            return _random.Next(least, most + 1);
    }

    public bool OneIn(int cases) => Between(1, cases) == 1;
}
