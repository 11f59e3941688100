using System.Globalization;
using System.Text;
using Headgate.Load.Figures;

namespace Headgate.Load.Output;

/// <summary>The readings as columns, for people.</summary>
internal static class TextTable
{
    private const string None = "-";

    public static IReadOnlyList<string> Columns { get; } =
        ["measure", "case", "/s", "p50 ms", "p99 ms", "of http", "of commit", "cpu µs", "generator", "server", "others", "besides"];

    public static IReadOnlyList<string> Cells(Reading reading) =>
    [
        reading.Measure,
        reading.Case,
        Number(reading.PerSecond),
        Number(reading.P50Milliseconds, 2),
        Number(reading.P99Milliseconds, 2),
        Percent(reading.ShareOfHttp),
        Percent(reading.ShareOfCommit),
        Number(reading.ProcessorMicroseconds, 1),
        Percent(reading.Processor?.Generator),
        Percent(reading.Processor?.Server),
        Percent(reading.Processor?.Other),
        string.Join("; ", Spread(reading).Concat(reading.Details).Select(detail => $"{detail.Name} {Number(detail.Value, 2)} {detail.Unit}".TrimEnd())),
    ];

    public static string Plain(IReadOnlyList<Reading> readings)
    {
        var rows = readings.Select(Cells).Prepend(Columns).ToList();
        var widths = Enumerable.Range(0, Columns.Count).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendJoin("  ", row.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd().AppendLine();
        return text.ToString();
    }

    public static string Markdown(IReadOnlyList<Reading> readings)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", Columns).AppendLine(" |");
        text.Append('|').AppendJoin('|', Columns.Select((_, column) => IsNumber(column) ? " ---: " : " --- ")).AppendLine("|");
        foreach (var reading in readings)
            text.Append("| ").AppendJoin(" | ", Cells(reading)).AppendLine(" |");
        return text.ToString();
    }

    private static IEnumerable<Detail> Spread(Reading reading) =>
    [
        .. reading.WarmUpSeconds is { } seconds ? [new Detail("warm after", seconds, "s")] : Array.Empty<Detail>(),
        .. reading.Rounds.Count < 2 ? [] : new Detail[] { new("slowest round", reading.Rounds.Min(), "/s"), new("fastest", reading.Rounds.Max(), "/s") },
    ];

    private static bool IsNumber(int column) => column > 1 && column < Columns.Count - 1;

    private static StringBuilder TrimEnd(this StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        return text;
    }

    private static string Percent(double? share) => share is { } part && double.IsFinite(part) ? part.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : None;

    private static string Number(double? value, int digits = 0) =>
        value is not { } number ? None
        : number == Math.Floor(number) || Math.Abs(number) >= 1000 ? number.ToString("N0", CultureInfo.InvariantCulture)
        : number.ToString("N" + digits, CultureInfo.InvariantCulture);
}
