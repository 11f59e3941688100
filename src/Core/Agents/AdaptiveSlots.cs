using System.Runtime.InteropServices;

namespace Headgate.Core.Agents;

/// <summary>
/// How many slots an agent keeps back while its machine is under pressure: a quarter of what it offers more at each reading that is high, one fewer
/// after three calm ones in a row. At least one slot is always offered, and tasks that run are not touched.
/// </summary>
/// <param name="Withheld">0 or more.</param>
/// <param name="CalmReadings">In a row, up to now.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AdaptiveSlots(int Withheld, int CalmReadings)
{
    public const int CalmReadingsToRise = 3;

    /// <param name="limit">The agent's limit in force, 1 or more.</param>
    /// <returns>1..limit.</returns>
    public int Offered(int limit) => Math.Max(1, limit - Withheld);

    public AdaptiveSlots Next(int limit, PressureLevel level)
    {
        // A limit that was lowered meanwhile leaves no more to keep back than it has.
        var withheld = Math.Clamp(Withheld, 0, limit - 1);
        return level switch
        {
            PressureLevel.High => new(Math.Min(limit - 1, withheld + Math.Max(1, (limit - withheld) / 4)), 0),
            PressureLevel.Calm when withheld > 0 && CalmReadings + 1 >= CalmReadingsToRise => new(withheld - 1, 0),
            PressureLevel.Calm when withheld > 0 => new(withheld, CalmReadings + 1),
            _ => new(withheld, 0),
        };
    }
}
