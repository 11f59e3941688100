using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Headgate.Cli;

/// <summary>Arguments and options that are checked before anything is called.</summary>
internal static class Given
{
    /// <summary>An id. It becomes one segment of a path, so it can't be empty, <c>.</c> or <c>..</c>, which would name something else.</summary>
    public static Argument<string> Id(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result => Segment(result, name, result.GetValueOrDefault<string>()));
        return argument;
    }

    /// <inheritdoc cref="Id"/>
    public static Option<string> IdOption(string name, string description, params string[] aliases)
    {
        var option = new Option<string>(name, aliases) { Description = description, HelpName = "ID" };
        option.Validators.Add(result => Segment(result, name, result.GetValueOrDefault<string>()));
        return option;
    }

    public static Option<int> Limit(int most, string description = "At most so many")
    {
        var option = new Option<int>("--limit") { Description = $"{description} (default: {most})", HelpName = "N", DefaultValueFactory = _ => most };
        Within(option, 1, int.MaxValue);
        return option;
    }

    public static void Within(Option<int> option, int least, int most) => option.Validators.Add(result => Within(result, option.Name, result.GetValueOrDefault<int>(), least, most));

    public static void Within(Option<int?> option, int least, int most) => option.Validators.Add(result => Within(result, option.Name, result.GetValueOrDefault<int?>(), least, most));

    public static void NotEmpty(Option<string> option) => option.Validators.Add(result =>
    {
        if (string.IsNullOrEmpty(result.GetValueOrDefault<string>()))
            result.AddError($"{option.Name} can't be empty.");
    });

    /// <summary>A time as RFC 3339 has it, or how long ago: <c>90m</c>, <c>2h</c>, <c>3d</c>.</summary>
    public static Option<string> Moment(string name, string description)
    {
        var option = new Option<string>(name) { Description = description + ": a time with its offset, or how long ago, as 90m, 2h, 3d", HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && MomentOf(text, DateTimeOffset.UnixEpoch.AddYears(1000)) is null)
                result.AddError($"{name}: '{text}' is no time.");
        });
        return option;
    }

    /// <returns>Null if it is none.</returns>
    public static DateTimeOffset? MomentOf(string? text, DateTimeOffset now)
    {
        if (text is null)
            return null;
        if (text.Length is > 1 and < 8 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return text[^1] switch
            {
                's' => now.AddSeconds(-count),
                'm' => now.AddMinutes(-count),
                'h' => now.AddHours(-count),
                'd' when count < 100_000 => now.AddDays(-count),
                _ => null,
            };
        }

        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
    }

    private static void Segment(SymbolResult result, string name, string? id)
    {
        if (id is "" or "." or "..")
            result.AddError($"{name}: '{id}' is no id.");
    }

    private static void Within(SymbolResult result, string name, int? value, int least, int most)
    {
        if (value < least || value > most)
            result.AddError(most == int.MaxValue ? $"{name} must be at least {least}." : $"{name} must be {least} to {most}.");
    }
}
