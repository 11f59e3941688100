using System.Security.Cryptography;
using System.Text;

namespace Headgate.Simulation.Clockwork;

/// <summary>
/// One stream of chance for one purpose, so that a decision more here moves nothing there. SplitMix64 (Steele, Lea, Flood: Fast
/// Splittable Pseudorandom Number Generators, 2014), begun at a hash of seed and purpose.
/// </summary>
internal sealed class RandomStream
{
    private ulong _state;

    public RandomStream(long seed, string purpose) => _state = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}")));

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Uniform in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public int Between(int least, int most) => least + (int)(NextDouble() * (most - least + 1));

    public double Between(double least, double most) => least + (NextDouble() * (most - least));

    /// <summary>Exponential: the time to the next of events that come at random, so far apart on average.</summary>
    public TimeSpan Gap(TimeSpan mean) => TimeSpan.FromMilliseconds(Math.Ceiling(-Math.Log(1 - NextDouble()) * mean.TotalMilliseconds));

    /// <summary>Log-normal around a median.</summary>
    public double Spread(double median, double sigma) =>
        median * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble()));

    /// <summary>An index, as often as its weight says.</summary>
    public int Weighted(params ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var left = NextDouble() * sum;
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }

        return weights.Length - 1;
    }
}
