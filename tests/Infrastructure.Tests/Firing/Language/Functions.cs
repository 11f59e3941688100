using System.Globalization;
using System.Text.Json;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>Functions of one row's values.</summary>
internal static class Functions
{
    public static object? Call(KustoNode node, string name, object?[] arguments) => (name, arguments) switch
    {
        ("bin", [var value, var size]) => Binned(node, value, size, null),
        ("bin_at", [var value, var size, { } point]) => Binned(node, value, size, point),
        ("tostring", [var value]) => Text(node, value),
        ("toint", [string text]) => Whole(node, text),
        ("isnotempty", [string text]) => text.Length > 0,
        _ => throw node.Unknown("is another function, or one of other values"),
    };

    /// <summary>Rounds down, below the point too.</summary>
    private static object? Binned(KustoNode node, object? value, object? size, object? point) => (value, size, point) switch
    {
        (null, _, _) or (_, null, _) => null,
        (DateTime at, TimeSpan each, null) => new DateTime(Down(at.Ticks, each.Ticks, 0), DateTimeKind.Utc),
        (DateTime at, TimeSpan each, DateTime from) => new DateTime(Down(at.Ticks, each.Ticks, from.Ticks), DateTimeKind.Utc),
        (TimeSpan at, TimeSpan each, null) => new TimeSpan(Down(at.Ticks, each.Ticks, 0)),
        (TimeSpan at, TimeSpan each, TimeSpan from) => new TimeSpan(Down(at.Ticks, each.Ticks, from.Ticks)),
        (long at, long each, null or long) => Down(at, each, point is long from ? from : 0),
        (double or long, double or long, null or double or long) => Down(Operators.Real(value), Operators.Real(size), Operators.Real(point ?? 0L)),
        _ => throw node.Unknown("is of other values"),
    };

    private static long Down(long value, long size, long point) => value - ((((value - point) % size) + size) % size);

    private static double Down(double value, double size, double point) => (Math.Floor((value - point) / size) * size) + point;

    /// <summary>Of a text in a bag without its quotes; of nothing the empty text.</summary>
    private static string Text(KustoNode node, object? value) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } scalar => scalar.GetRawText(),
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        _ => throw node.Unknown("is of another value"),
    };

    /// <summary>Null of a text that is no number. How others than plain whole numbers are read is documented too little to be repeated here.</summary>
    private static object? Whole(KustoNode node, string text) => text switch
    {
        _ when !text.Any(char.IsAsciiDigit) => null,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) => (long)whole,
        _ => throw node.Unknown($"is of '{text}'"),
    };
}
