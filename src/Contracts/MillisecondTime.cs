using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Contracts;

/// <summary>Times on the wire: RFC 3339, UTC, exactly three decimals. Reads any RFC 3339 offset.</summary>
public sealed class MillisecondTime : JsonConverter<DateTimeOffset>
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
