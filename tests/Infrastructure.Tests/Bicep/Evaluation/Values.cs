using System.Globalization;
using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <summary>
/// What only Azure knows, such as the id of a resource; anything taken from it is unknown too. Other values are strings, longs, bools, null,
/// lists and dictionaries.
/// </summary>
internal sealed record Unknown(string Text)
{
    public override string ToString() => $"<{Text}>";
}

/// <summary>The value cannot be worked out: a file is wrong, or does what is not known here.</summary>
internal sealed class EvaluationException(string file, int line, string message) : Exception($"{file}:{line}: {message}");

internal static class Values
{
    public static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        string or Unknown => value.ToString()!,
        _ => throw new InvalidOperationException("An object has no text."),
    };

    public static bool AreEqual(object? left, object? right) =>
        left is Unknown || right is Unknown ? throw new InvalidOperationException("What only Azure knows is compared.") : Equals(left, right);

    public static object? FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(property => property.Name, property => FromJson(property.Value), StringComparer.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
