namespace Headgate.Fault.Tests;

/// <summary>All that is random in a seed comes from here. Safe for concurrent use.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <summary>Chance of its own, so that what one actor draws does not depend on how often the others did.</summary>
    public Chance Fork() => new(Between(0, int.MaxValue - 1));

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most)
    {
        lock (_gate)
            return _random.Next(least, most + 1);
    }

    public double Unit()
    {
        lock (_gate)
            return _random.NextDouble();
    }

    public bool OneIn(int cases) => Between(1, cases) == 1;

    public T Of<T>(params IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        lock (_gate)
            _random.Shuffle(shuffled);
        return shuffled;
    }
}
