using System.Text.Json;

namespace Headgate.Functions.Wire;

/// <summary>Says in a sentence fragment what is wrong with a body that did not parse. Runs only after a failure.</summary>
internal static class JsonFaults
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = RequestBody.MaxBytes };

    /// <summary>
    /// Whether a text holds an escape for half of a surrogate pair. Such JSON parses, and then fails whoever reads the text.
    /// </summary>
    public static bool HasHalfCharacter(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
            return false;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = RequestBody.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                    _ = reader.GetString();
            }
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (JsonException)
        {
            // Parsing finds it again and says where.
        }

        return false;
    }

    public static string Describe(ReadOnlyMemory<byte> json)
    {
        if (TooDeep(json.Span))
            return $"is nested deeper than {RequestBody.MaxDepth} levels";

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = RequestBody.MaxDepth });
            return $"has the field '{Repeated(document.RootElement, "")}' twice";
        }
        catch (JsonException syntax)
        {
            return $"is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1})";
        }
    }

    private static bool TooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, AnyDepth);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= RequestBody.MaxDepth)
                    return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    /// <summary>The path of the first name that an object has twice.</summary>
    private static string? Repeated(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (Repeated(item, $"{path}[{index++}]") is { } found)
                    return found;
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                var here = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                if (!seen.Add(property.Name))
                    return here;
                if (Repeated(property.Value, here) is { } found)
                    return found;
            }
        }

        return null;
    }
}
