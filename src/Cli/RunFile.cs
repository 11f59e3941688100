using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Cli;

/// <summary>
/// A file in YAML 1.2 (core schema) or JSON, which is YAML: <c>no</c> is a string, <c>true</c> is not. One document, no anchors, no duplicate keys,
/// at most 256 KiB.
/// </summary>
internal static class RunFile
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 64;

    /// <param name="path"><c>-</c> for standard input.</param>
    /// <returns>JSON.</returns>
    /// <exception cref="UsageException">Names file, line and column.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(path, cancellationToken);
        try
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(new MemoryStream(bytes), new System.Text.UTF8Encoding(false, true));
            stream.Load(new NoAnchors(reader, path));
            if (stream.Documents.Count == 0)
                throw new UsageException($"{path}: is empty.");
            if (stream.Documents.Count > 1)
                throw new UsageException($"{path}: holds {stream.Documents.Count} documents; one is wanted.");
            var node = Node(stream.Documents[0].RootNode, path, 0) ?? throw new UsageException($"{path}: is empty.");
            return JsonSerializer.SerializeToUtf8Bytes(node, s_types.GetTypeInfo(typeof(JsonNode)));
        }
        catch (YamlException problem)
        {
            throw new UsageException($"{path}:{problem.Start.Line}:{problem.Start.Column}: {Terminal.Plain((problem.InnerException ?? problem).Message)}");
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new UsageException($"{path}: is not UTF-8.");
        }
    }

    private static readonly JsonSerializerOptions s_types = JsonSerializerOptions.Default;

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
                    throw new UsageException($"{path}: is larger than 256 KiB.");
            }

            return bytes.ToArray();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {problem.Message}");
        }
    }

    private static JsonNode? Node(YamlNode node, string path, int depth)
    {
        if (depth > MaxDepth)
            throw new UsageException($"{path}:{node.Start.Line}:{node.Start.Column}: is nested deeper than {MaxDepth}.");
        return node switch
        {
            YamlMappingNode mapping => new JsonObject(mapping.Children.Select(entry => KeyValuePair.Create(Name(entry.Key, path), Node(entry.Value, path, depth + 1)))),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => Node(item, path, depth + 1))]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new UsageException($"{path}:{node.Start.Line}:{node.Start.Column}: can't be used here."),
        };
    }

    private static string Name(YamlNode key, string path) => key is YamlScalarNode { Value: { } name }
        ? name
        : throw new UsageException($"{path}:{key.Start.Line}:{key.Start.Column}: a key must be a string.");

    // The core schema of YAML 1.2, section 10.3.2.
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        return text switch
        {
            "" or "null" or "Null" or "NULL" or "~" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when IsNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text) => text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');

    /// <summary>Aliases let a small file stand for an endless one; run files need none.</summary>
    private sealed class NoAnchors(TextReader reader, string path) : IParser
    {
        private readonly Parser _parser = new(reader);

        public YamlDotNet.Core.Events.ParsingEvent? Current => _parser.Current;

        public bool MoveNext()
        {
            if (!_parser.MoveNext())
                return false;
            if (_parser.Current is YamlDotNet.Core.Events.AnchorAlias or YamlDotNet.Core.Events.NodeEvent { Anchor.IsEmpty: false })
                throw new UsageException($"{path}:{_parser.Current.Start.Line}:{_parser.Current.Start.Column}: anchors and aliases are not taken.");
            return true;
        }
    }
}
