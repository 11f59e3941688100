using Headgate.Ports;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>Which dead letters are meant; null parts match all.</summary>
/// <param name="Category">A failure class by its name.</param>
/// <param name="Type">A task type.</param>
/// <param name="Since">Ended then or later.</param>
/// <param name="Until">Ended before then.</param>
public sealed record DeadLetterFilter(string? Category = null, string? Type = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    public static DeadLetterFilter All { get; } = new();

    /// <summary>The same for equal filters: a page's position belongs to one of them.</summary>
    public string Name => $"{Category}:{Type}:{Since?.ToUnixTimeMilliseconds()}:{Until?.ToUnixTimeMilliseconds()}";

    public bool Matches(Columns letter)
    {
        var at = letter.Time("at");
        return (Category is null || letter.String("errorCategory") == Category)
            && (Type is null || letter.String("type") == Type)
            && !(at < Since)
            && !(at >= Until);
    }
}
