using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>
/// Rows from OData JSON with minimal metadata: the type stands beside a value (<c>name@odata.type</c>) where JSON can't tell it.
/// </summary>
internal static class EntityReader
{
    private const string TypeSuffix = "@odata.type";

    public static T One<T>(Response response)
        where T : class, ITableEntity
    {
        using var body = Parse(response);
        return Guarded(response, () => Entity<T>(body.RootElement));
    }

    public static IReadOnlyList<T> Many<T>(Response response)
        where T : class, ITableEntity
    {
        using var body = Parse(response);
        return Guarded(response, () => (IReadOnlyList<T>)[.. body.RootElement.GetProperty("value").EnumerateArray().Select(Entity<T>)]);
    }

    private static JsonDocument Parse(Response response) => Guarded(response, () => JsonDocument.Parse(response.Content));

    private static TResult Guarded<TResult>(Response response, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw TableFailure.Unreadable(response, failure);
        }
    }

    private static T Entity<T>(JsonElement json)
        where T : class, ITableEntity
    {
        var entity = new TableEntity();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name is "odata.metadata" || property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
                continue;
            var type = json.TryGetProperty(property.Name + TypeSuffix, out var named) ? named.GetString() : null;
            if (Value(property.Value, property.Name == TableEntity.TimestampName ? "Edm.DateTime" : type) is { } value)
                entity[property.Name] = value;
        }

        return entity as T ?? throw new NotSupportedException($"Rows are read as {nameof(TableEntity)}, not {typeof(T).Name}.");
    }

    private static object? Value(JsonElement json, string? type) => (type, json.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        ("Edm.Int64", _) => long.Parse(json.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        ("Edm.DateTime", _) => DateTimeOffset.Parse(json.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        ("Edm.Guid", _) => Guid.Parse(json.GetString()!),
        ("Edm.Binary", _) => json.GetBytesFromBase64(),
        ("Edm.Double", JsonValueKind.String) => Special(json.GetString()!),
        ("Edm.Double", _) => json.GetDouble(),
        (_, JsonValueKind.String) => json.GetString(),
        (_, JsonValueKind.True or JsonValueKind.False) => json.GetBoolean(),
        // A whole double has a point: 3.0 is no integer to the parser.
        (_, JsonValueKind.Number) => json.TryGetInt32(out var number) ? (object)number : json.GetDouble(),
        _ => throw new FormatException($"A property is of type {type} and kind {json.ValueKind}, which tables do not give."),
    };

    private static double Special(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
