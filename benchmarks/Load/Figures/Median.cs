namespace Headgate.Load.Figures;

/// <summary>The middle of a few rounds.</summary>
internal static class Median
{
    /// <summary>Of an even number the mean of the two in the middle; null where there is none.</summary>
    public static double? Of(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToList();
        if (sorted.Count == 0)
            return null;
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
