using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Cli.Files;

/// <summary>
/// A file in YAML 1.2 (core schema) or JSON, which is YAML: <c>no</c> is a string, <c>true</c> is not. One document, no anchors, no tags, no
/// duplicate keys, at most 256 KiB and 64 levels.
/// </summary>
internal sealed class YamlFile
{
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonWriterOptions s_asItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    private YamlFile(string name) => Name = Terminal.Plain(name);

    /// <summary>As it was given.</summary>
    public string Name { get; }

    /// <summary>The document as JSON. Numbers keep their digits.</summary>
    public JsonNode Root { get; private set; } = null!;

    /// <param name="path"><c>-</c> for standard input.</param>
    /// <exception cref="UsageException">Names file, line and column.</exception>
    public static async Task<YamlFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(path, cancellationToken);
        var file = new YamlFile(path);
        try
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, true));
            stream.Load(new PlainParser(reader, file.Refusal));
            if (stream.Documents.Count > 1)
                throw new UsageException($"{file.Name}: holds {stream.Documents.Count} documents; one is wanted.");
            file.Root = (stream.Documents.Count == 0 ? null : file.Node(stream.Documents[0].RootNode, "")) ?? throw new UsageException($"{file.Name}: is empty.");
            return file;
        }
        catch (YamlException problem)
        {
            throw file.Refusal(problem.Start, (problem.InnerException ?? problem).Message);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{file.Name}: is not UTF-8.");
        }
    }

    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_asItIs))
            Root.WriteTo(writer);
        return bytes.ToArray();
    }

    /// <summary>Where something stands, or else what holds it.</summary>
    /// <param name="path">As the service names it: <c>tasks[0].name</c>.</param>
    /// <returns>Null where nothing of the file has that name: a header, a parameter.</returns>
    public Place? Find(string path)
    {
        for (var part = path; part.Length > 0; part = part[..Math.Max(0, part.AsSpan().LastIndexOfAny('.', '['))])
        {
            if (_places.TryGetValue(part, out var place))
                return place;
        }

        return null;
    }

    /// <param name="path">Of something in the file.</param>
    /// <param name="problem">What is wrong with it.</param>
    public UsageException Refusal(string path, string problem) =>
        Find(path) is { } place ? new($"{Name}:{place}: {Terminal.Plain(path)} {problem}") : new($"{Name}: {Terminal.Plain(path)} {problem}");

    private UsageException Refusal(Mark at, string problem) => new($"{Name}:{at.Line}:{at.Column}: {Terminal.Plain(problem)}");

    private static async Task<byte[]> BytesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using var bytes = new MemoryStream();
            var chunk = new byte[16 * 1024];
            int read;
            while ((read = await file.ReadAsync(chunk, cancellationToken)) > 0)
            {
                bytes.Write(chunk, 0, read);
                if (bytes.Length > MaxBytes)
                    throw new UsageException($"{Terminal.Plain(path)}: is larger than 256 KiB.");
            }

            return bytes.ToArray();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{Terminal.Plain(path)}: {Terminal.Plain(problem.Message)}");
        }
    }

    private JsonNode? Node(YamlNode node, string path)
    {
        _places.TryAdd(path, new(node.Start.Line, node.Start.Column));
        return node switch
        {
            YamlMappingNode mapping => Object(mapping, path),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select((item, i) => Node(item, $"{path}[{i}]"))]),
            YamlScalarNode scalar => CoreSchema.Value(scalar, problem => Refusal(scalar.Start, problem)),
            _ => throw Refusal(node.Start, "can't be used here."),
        };
    }

    private JsonObject Object(YamlMappingNode mapping, string path)
    {
        var found = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
                throw Refusal(key.Start, "a key must be a string.");
            if (found.ContainsKey(name))
                throw Refusal(key.Start, $"the key '{name}' is there twice.");
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            _places.TryAdd(inner, new(key.Start.Line, key.Start.Column));
            found.Add(name, Node(value, inner));
        }

        return found;
    }
}

/// <summary>A place in a file, from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(long Line, long Column)
{
    public override string ToString() => string.Create(null, $"{Line}:{Column}");
}
