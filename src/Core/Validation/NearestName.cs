namespace Headgate.Core.Validation;

/// <summary>Guesses what an unknown name was meant to be.</summary>
public static class NearestName
{
    /// <summary>Longer names are not compared: the work grows with the square of the length.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The candidate with the fewest edits, ignoring case; null if none is near. Near is at most 1 edit for names of up to 4 characters, 2
    /// up to 8, 3 beyond, and none for a single character. The first of equals wins.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > MaxLength)
            return null;

        string? nearest = null;
        var allowed = name.Length switch { 1 => 0, <= 4 => 1, <= 8 => 2, _ => 3 };
        var best = allowed + 1;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) >= best)
                continue;

            var distance = Distance(name, candidate);
            if (distance < best)
                (nearest, best) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours, each counted as one.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            var free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }

        return last[b.Length];
    }

    private static bool Same(char x, char y) => char.ToUpperInvariant(x) == char.ToUpperInvariant(y);
}
