using System.Runtime.InteropServices;

namespace Headgate.Core.Agents;

/// <summary>
/// How many slots an agent withholds while its machine is under pressure. Each high reading adds a quarter of the slots offered, three calm
/// readings in a row give one back. At least one slot is always offered; running tasks go on.
/// </summary>
/// <param name="Withheld">0 or more.</param>
/// <param name="CalmReadings">Calm readings in a row.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AdaptiveSlots(int Withheld, int CalmReadings)
{
    public const int CalmReadingsToRise = 3;

    /// <param name="limit">The agent's current limit, 1 or more.</param>
    /// <returns>1..limit.</returns>
    public int Offered(int limit) => Math.Max(1, limit - Withheld);

    public AdaptiveSlots Next(int limit, PressureLevel level)
    {
        // The limit may have been lowered.
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
