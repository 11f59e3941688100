using System.Text;

namespace Headgate.TestKit.Wire;

/// <summary>A span as it came over OTLP.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="Instance">The resource's <c>service.instance.id</c>.</param>
/// <param name="ParentId">Empty for the root of a trace.</param>
/// <param name="Kind">OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Tags">Attributes that are texts.</param>
public sealed record Span(
    string Service, string Instance, string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> LinkedTraces)
{
    /// <summary>Those of an export request, which is a message of protocol buffers: opentelemetry/proto/trace/v1/trace.proto has the numbers.</summary>
    public static IEnumerable<Span> Of(ReadOnlyMemory<byte> request) =>
        from resourceSpans in Fields(request).Messages(1)
        let resource = Tagged(Fields(resourceSpans).Messages(1).SelectMany(found => Fields(found).Messages(1)))
        from scopeSpans in Fields(resourceSpans).Messages(2)
        from span in Fields(scopeSpans).Messages(2)
        let fields = Fields(span)
        select new Span(
            resource.GetValueOrDefault("service.name", ""),
            resource.GetValueOrDefault("service.instance.id", ""),
            Hex(fields, 1),
            Hex(fields, 2),
            Hex(fields, 4),
            Text(fields, 5),
            (int)fields.Where(field => field.Number == 6).Select(field => field.Value).FirstOrDefault(),
            Tagged(fields.Messages(9)),
            [.. fields.Messages(13).Select(link => Hex(Fields(link), 1))]);

    private static Dictionary<string, string> Tagged(IEnumerable<ReadOnlyMemory<byte>> attributes)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in attributes.Select(Fields))
            tags[Text(attribute, 1)] = attribute.Messages(2).Select(value => Text(Fields(value), 1)).FirstOrDefault("");
        return tags;
    }

    private static string Hex(List<Field> fields, int number) => Convert.ToHexStringLower(fields.Messages(number).FirstOrDefault().Span);

    private static string Text(List<Field> fields, int number) => Encoding.UTF8.GetString(fields.Messages(number).FirstOrDefault().Span);

    private static List<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<Field>();
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message.Span, ref at);
            var (number, wire) = ((int)(key >> 3), (int)(key & 7));
            switch (wire)
            {
                case 0:
                    fields.Add(new(number, Number(message.Span, ref at), default));
                    break;
                case 2:
                    var length = (int)Number(message.Span, ref at);
                    fields.Add(new(number, 0, message.Slice(at, length)));
                    at += length;
                    break;
                default:
                    at += wire == 1 ? 8 : 4;
                    break;
            }
        }

        return fields;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}

/// <param name="Value">Of a number.</param>
/// <param name="Bytes">Of a text, a message or bytes.</param>
internal sealed record Field(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

internal static class FieldsOfMessages
{
    public static IEnumerable<ReadOnlyMemory<byte>> Messages(this IEnumerable<Field> fields, int number) =>
        fields.Where(field => field.Number == number).Select(field => field.Bytes);
}
