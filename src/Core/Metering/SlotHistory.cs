using System.Runtime.InteropServices;

namespace Headgate.Core.Metering;

/// <summary>A run takes a slot, or gives it back.</summary>
/// <param name="Number">Of the ledger's transition.</param>
/// <param name="Limit">The tenant's slots when one was taken; null where one was given back.</param>
/// <param name="At">When.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SlotMove(long Number, int? Limit, DateTimeOffset At);

/// <summary>How many slots were taken after each of a ledger's transitions, counted anew from the runs themselves.</summary>
/// <param name="Moves">Transitions that are known without a gap, back from the last.</param>
/// <param name="From">When the first of them was; null where there is none.</param>
/// <param name="To">When the last was.</param>
/// <param name="PeakInFlight">The most slots taken at one instant since.</param>
/// <param name="OverLimit">How often one was taken beyond the limit of that instant.</param>
public sealed record SlotHistory(int Moves, DateTimeOffset? From, DateTimeOffset? To, int PeakInFlight, int OverLimit)
{
    /// <summary>
    /// Goes back from what is known for certain, the slots taken after the last transition, as far as each transition is known. The order is that of
    /// the transitions, not of clocks: processes whose clocks differ make no error.
    /// </summary>
    /// <param name="last">The number of the ledger's last transition.</param>
    /// <param name="inFlight">Slots taken after it.</param>
    /// <param name="moves">What runs know, in any order; later ones are left out.</param>
    public static SlotHistory Of(long last, int inFlight, IEnumerable<SlotMove> moves)
    {
        var (count, peak, over) = (0, inFlight, 0);
        DateTimeOffset? from = null, to = null;
        var next = last;
        foreach (var move in moves.Where(move => move.Number <= last).OrderByDescending(move => move.Number))
        {
            if (move.Number != next)
                break;
            if (move.Limit < inFlight)
                over++;
            inFlight += move.Limit is null ? 1 : -1;
            peak = Math.Max(peak, inFlight);
            (from, to) = (move.At, to ?? move.At);
            next--;
            count++;
        }

        return new(count, from, to, peak, over);
    }
}
