namespace Headgate.Load.Figures;

/// <summary>How many stretches of time lie over one another.</summary>
internal static class Overlap
{
    /// <summary>The most at one moment; a stretch that ends when another begins does not meet it.</summary>
    public static int Most(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> stretches)
    {
        var most = 0;
        var now = 0;
        foreach (var (_, step) in stretches.SelectMany(stretch => new[] { (At: stretch.From, Step: 1), (At: stretch.To, Step: -1) }).OrderBy(edge => edge.At).ThenBy(edge => edge.Step))
        {
            now += step;
            most = Math.Max(most, now);
        }

        return most;
    }
}
