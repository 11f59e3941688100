using System.Runtime.InteropServices;

namespace Headgate.Core.Objectives;

/// <summary>What was counted of an objective: how many events, and how many of them were as they should be.</summary>
/// <param name="Good">0..<paramref name="Total"/>.</param>
/// <param name="Total">0 or more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Tally(long Good, long Total)
{
    public long Bad => Total - Good;

    public static Tally operator +(Tally one, Tally other) => new(one.Good + other.Good, one.Total + other.Total);

    public static Tally Of(bool isGood) => new(isGood ? 1 : 0, 1);
}
