namespace Headgate.Functions.Alerts;

public enum WebhookOutcome
{
    Taken,

    /// <summary>It may go well another time.</summary>
    Failed,

    /// <summary>The receiver does not take this message, however often it is sent.</summary>
    Refused,

    /// <summary>The receiver wants nothing more.</summary>
    Gone,
}

/// <summary>What became of one try.</summary>
/// <param name="Problem">In words that hold nothing secret; null where it was taken.</param>
public readonly record struct WebhookAnswer(WebhookOutcome Outcome, string? Problem)
{
    public static readonly WebhookAnswer Taken;

    public static WebhookAnswer Failed(string problem) => new(WebhookOutcome.Failed, problem);

    /// <param name="status">Of HTTP.</param>
    public static WebhookAnswer Of(int status) => status switch
    {
        >= 200 and < 300 => Taken,
        >= 300 and < 400 => Failed($"answered {status}; redirects are not followed"),
        410 => new(WebhookOutcome.Gone, "answered 410: it wants nothing more"),
        // It asks for patience, not for another message.
        408 or 425 or 429 => Failed($"answered {status}"),
        >= 400 and < 500 => new(WebhookOutcome.Refused, $"answered {status}"),
        _ => Failed($"answered {status}"),
    };
}
