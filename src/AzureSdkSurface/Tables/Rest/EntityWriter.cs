using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Rows as OData JSON in one line, each type named that JSON can't tell.</summary>
internal static class EntityWriter
{
    public static BinaryData Write(ITableEntity entity)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in Properties(entity))
            {
                if (value is not null && name is not (TableEntity.ETagName or TableEntity.TimestampName))
                    WriteProperty(json, name, value);
            }

            json.WriteEndObject();
        }

        return new(buffer.WrittenMemory);
    }

    private static IEnumerable<KeyValuePair<string, object>> Properties(ITableEntity entity) =>
        entity as IDictionary<string, object> ?? throw new NotSupportedException($"Rows are written as {nameof(TableEntity)}, not {entity.GetType().Name}.");

    private static void WriteProperty(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case long number:
                WriteTyped(json, name, number.ToString(CultureInfo.InvariantCulture), "Edm.Int64");
                break;
            case double number:
                WriteDouble(json, name, number);
                break;
            case DateTimeOffset time:
                WriteTyped(json, name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture), "Edm.DateTime");
                break;
            case Guid guid:
                WriteTyped(json, name, guid.ToString("D"), "Edm.Guid");
                break;
            case byte[] bytes:
                json.WriteBase64String(name, bytes);
                WriteType(json, name, "Edm.Binary");
                break;
            default:
                throw new NotSupportedException($"Property '{name}' holds a {value.GetType().Name}, which tables do not.");
        }
    }

    private static void WriteDouble(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        WriteType(json, name, "Edm.Double");
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string value, string type)
    {
        json.WriteString(name, value);
        WriteType(json, name, type);
    }

    private static void WriteType(Utf8JsonWriter json, string name, string type) => json.WriteString(name + "@odata.type", type);
}
