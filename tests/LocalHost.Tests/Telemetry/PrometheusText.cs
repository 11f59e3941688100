namespace Headgate.LocalHost.Tests.Telemetry;

/// <summary>Metrics in Prometheus' text format, as far as these tests ask.</summary>
internal sealed class PrometheusText
{
    private static readonly string[] s_partsOfHistograms = ["_bucket", "_sum", "_count"];

    private readonly Dictionary<string, HashSet<string>> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    public PrometheusText(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.Split(' ') is [_, _, var typed, var type])
                _types[typed] = type;
            else if (line.Length > 0 && line[0] != '#')
                Sample(line);
        }
    }

    /// <summary>Type by name; a histogram counts once.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>The names of the labels of any of its samples, without those that the exporter adds to each; null where there is no such sample.</summary>
    public IReadOnlySet<string>? LabelsOf(string name) => _labels.GetValueOrDefault(name);

    private void Sample(string line)
    {
        var end = line.IndexOfAny(['{', ' ']);
        var name = line[..end];
        var labels = line[end] == '{' ? Labels(line[(end + 1)..line.LastIndexOf('}')]).ToList() : [];
        Add(name, labels);
        if (s_partsOfHistograms.FirstOrDefault(part => name.EndsWith(part, StringComparison.Ordinal)) is { } part && _types.GetValueOrDefault(name[..^part.Length]) == "histogram")
            Add(name[..^part.Length], labels.Where(label => label != "le"));
    }

    private void Add(string name, IEnumerable<string> labels)
    {
        if (!_labels.TryGetValue(name, out var known))
            _labels.Add(name, known = new(StringComparer.Ordinal));
        known.UnionWith(labels.Where(label => label != "otel_scope_name"));
    }

    // Values are quoted; a quote in one is written \".
    private static IEnumerable<string> Labels(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            yield return text[at..equals].TrimStart(',');
            at = equals + 2;
            while (text[at] != '"')
                at += text[at] == '\\' ? 2 : 1;
            at++;
        }
    }
}
