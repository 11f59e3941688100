namespace Headgate.Simulation.Observed;

/// <summary>How many of some spans of time hold at once.</summary>
internal static class Overlap
{
    /// <summary>The most at any instant; what ends when another begins does not overlap it.</summary>
    public static int Highest(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> spans)
    {
        var (now, highest) = (0, 0);
        foreach (var (_, step) in spans.SelectMany(span => new[] { (At: span.From, Step: 1), (At: span.To, Step: -1) }).OrderBy(edge => edge.At).ThenBy(edge => edge.Step))
        {
            now += step;
            highest = Math.Max(highest, now);
        }

        return highest;
    }
}
