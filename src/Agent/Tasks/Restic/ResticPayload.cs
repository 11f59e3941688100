using System.Globalization;
using System.Text.Json;
using Headgate.Agent.Options;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// Reads what all payloads for restic have in common. What reaches its command line is held to a form that restic can't take for an option,
/// though values are given as <c>--name=value</c> and paths after <c>--</c> all the same.
/// </summary>
internal sealed class ResticPayload(ResticProgram restic, JsonElement? payload, Problems problems)
{
    private const int LongestTag = 100;

    private readonly PayloadReader _read = new(payload, problems);

    public Repository? Repository()
    {
        if (_read.Text("repository", required: true) is not { } name)
            return null;
        var repository = restic.Find(name, out var refusal);
        if (repository is null)
            problems.Add("repository", refusal);
        return repository;
    }

    /// <summary>Absolute paths; each is judged by <see cref="Files.AllowedPaths"/> afterwards.</summary>
    public IReadOnlyList<string> Paths(string name) => Plain(name, _read.Texts(name, required: true));

    public string? Path(string name) => _read.Text(name, required: true) is { } text ? Plain(name, [text])[0] : null;

    public IReadOnlyList<string> Patterns(string name) => Plain(name, _read.Texts(name));

    public IReadOnlyList<string> Tags(string name)
    {
        var tags = Plain(name, _read.Texts(name));
        foreach (var tag in tags.Where(tag => tag.Length > LongestTag || tag.Contains(',', StringComparison.Ordinal)))
            problems.Add(name, $"'{Shown(tag)}' must be at most {LongestTag} characters without a comma");
        return tags;
    }

    /// <summary><c>latest</c> or an id, whole or shortened to 8 characters or more.</summary>
    public string Snapshot(string name)
    {
        var text = _read.Text(name) ?? "latest";
        if (text != "latest" && (text.Length is < 8 or > 64 || !text.All(char.IsAsciiHexDigitLower)))
            problems.Add(name, $"must be latest or a snapshot's id of 8 to 64 hexadecimal digits, not '{Shown(text)}'");
        return text;
    }

    public double? Number(string name, double max) => _read.Number(name, 0, max);

    public int? Whole(string name, int max)
    {
        if (_read.Number(name, 0, max) is not { } number)
            return null;
        if (number != Math.Floor(number))
            problems.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number, not {number}"));
        return (int)number;
    }

    /// <summary>Call last.</summary>
    public void End() => _read.End();

    private IReadOnlyList<string> Plain(string name, IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length == 0)
                problems.Add(name, "must not hold an empty text");
            else if (text[0] == '-')
                problems.Add(name, $"'{Shown(text)}' begins with -, as an option of restic does");
            else if (text.Any(char.IsControl))
                problems.Add(name, $"'{Shown(text)}' holds a control character");
        }

        return texts;
    }

    private static string Shown(string text) => new([.. text.Take(100).Select(c => char.IsControl(c) ? ' ' : c)]);
}
