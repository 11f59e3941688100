namespace Headgate.Core.Objectives;

/// <summary>
/// The pieces of time that tallies are kept in: short ones for the last hours, hours for the rest. A window is made of whole pieces and reaches back at least
/// as long as it says: the oldest piece that it touches counts whole.
/// </summary>
public static class TallySlots
{
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>Windows up to this are made of short pieces.</summary>
    public static readonly TimeSpan ShortFor = TimeSpan.FromHours(6);

    /// <returns>The beginning of the piece that the time is in.</returns>
    public static DateTimeOffset Begin(DateTimeOffset at, TimeSpan length) => new(at.UtcTicks - (at.UtcTicks % length.Ticks), TimeSpan.Zero);

    public static TimeSpan LengthFor(TimeSpan window) => window <= ShortFor ? Short : Long;

    /// <returns>The beginning of the oldest piece that belongs to a window which ends now.</returns>
    public static DateTimeOffset Oldest(DateTimeOffset now, TimeSpan window) => Begin(now - window, LengthFor(window));
}
