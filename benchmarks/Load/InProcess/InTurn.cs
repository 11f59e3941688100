using Headgate.Load.Figures;

namespace Headgate.Load.InProcess;

/// <summary>
/// The same number of callers on two things, round by round in turn: what else the machine does then meets both, and their ratio holds
/// where neither rate would.
/// </summary>
internal static class InTurn
{
    private static readonly WarmUp Again = new(WarmUp.Stretch, WarmUp.Stretch);

    /// <returns>Rounds of both, in pairs. The first of each has the whole warm-up before it, the others a second.</returns>
    public static (Measured First, Measured Second) Run(int callers, Func<long, Task> first, Func<long, Task> second, LoadOptions options)
    {
        var (ones, others) = (new List<Round>(), new List<Round>());
        var (warm, otherWarm) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < options.Rounds; i++)
        {
            var warmUp = i == 0 ? options.WarmUp : Again;
            var one = CallerLoop.Run(callers, first, warmUp, options.Round, 1);
            var other = CallerLoop.Run(callers, second, warmUp, options.Round, 1);
            ones.AddRange(one.Rounds);
            others.AddRange(other.Rounds);
            if (i == 0)
                (warm, otherWarm) = (one.WarmUp, other.WarmUp);
        }

        return (new(warm, ones), new(otherWarm, others));
    }

    /// <summary>The median, over the pairs, of the first's rate as a part of the second's.</summary>
    public static double? Ratio(Measured first, Measured second) =>
        Median.Of(first.Rounds.Zip(second.Rounds, (one, other) => (double?)(one.PerSecond / other.PerSecond)));
}
