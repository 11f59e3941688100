namespace Headgate.Core.Metering;

/// <summary>
/// What changes of one ledger made of a UTC day, one after the other. Where a clock is set back over midnight, a day has several pieces: they add up.
/// </summary>
/// <param name="Day">By UTC.</param>
/// <param name="Number">From 1, in the order of the changes.</param>
/// <param name="InFlightBefore">Slots taken when it began: so many were taken since the piece before.</param>
/// <param name="Counts">What it adds up to.</param>
public sealed record UsagePiece(DateOnly Day, int Number, int InFlightBefore, UsageCounts Counts)
{
    /// <summary>The piece after one more change: this one, or where the day has turned the next.</summary>
    /// <param name="piece">The piece so far; null where there is none yet.</param>
    /// <param name="change">What it adds.</param>
    /// <param name="inFlightBefore">Slots taken before the change.</param>
    /// <param name="now">When.</param>
    public static UsagePiece After(UsagePiece? piece, UsageCounts change, int inFlightBefore, DateTimeOffset now)
    {
        var day = DayOf(now);
        var current = piece is not null && piece.Day == day
            ? piece
            : new UsagePiece(day, (piece?.Number ?? 0) + 1, inFlightBefore, new UsageCounts(PeakInFlight: inFlightBefore));
        return current with { Counts = current.Counts + change };
    }

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
