namespace Headgate.Core.Alerts;

public enum AlertState
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>The newest sample passes the threshold, not yet every one.</summary>
    Pending,

    /// <summary>Every sample has passed the threshold, and it is not over.</summary>
    Firing,

    /// <summary>It was firing a short time ago.</summary>
    Resolved,
}

public static class AlertStates
{
    private static readonly string[] s_names = ["ok", "pending", "firing", "resolved"];

    public static string WireName(this AlertState state) => s_names[(int)state];

    public static bool TryParse(string? text, out AlertState state)
    {
        var index = Array.IndexOf(s_names, text);
        state = (AlertState)Math.Max(index, 0);
        return index >= 0;
    }
}

/// <summary>How an alert is.</summary>
/// <param name="State">Where it stands, silenced or not.</param>
/// <param name="Since">When it came to that; null where it was never anything else than well.</param>
/// <param name="Value">The newest sample's; null where there is none.</param>
/// <param name="IsTold">Whether the last that anybody was told of it is that it fires.</param>
/// <param name="SilencedUntil">Nobody is told anything before; null: it is not silenced.</param>
/// <param name="SilencedBy">Who asked for that.</param>
public sealed record AlertStatus(
    AlertState State = AlertState.Ok,
    DateTimeOffset? Since = null,
    double? Value = null,
    bool IsTold = false,
    DateTimeOffset? SilencedUntil = null,
    string? SilencedBy = null)
{
    /// <summary>Of an alert of which nothing is known.</summary>
    public static readonly AlertStatus Well = new();

    public bool IsSilenced(DateTimeOffset now) => now < SilencedUntil;
}
