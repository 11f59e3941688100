namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>Texts by path from <c>infra/</c>. Immutable: a change makes another.</summary>
internal sealed class BicepSources
{
    private readonly Dictionary<string, string> _texts;

    public BicepSources(IEnumerable<KeyValuePair<string, string>> texts) => _texts = new(texts, StringComparer.Ordinal);

    /// <summary>As they stand in this repository.</summary>
    public static BicepSources OfRepository { get; } = new(
        Directory.EnumerateFiles(Repository.Full("infra"), "*", SearchOption.AllDirectories)
            .Select(path => new KeyValuePair<string, string>(Path.GetRelativePath(Repository.Full("infra"), path).Replace('\\', '/'), File.ReadAllText(path))));

    public IEnumerable<string> Paths => _texts.Keys.Order(StringComparer.Ordinal);

    public bool Has(string path) => _texts.ContainsKey(path);

    public string this[string path] => _texts[path];

    /// <summary>With one place changed, which must be there once.</summary>
    public BicepSources Changed(string path, string from, string to)
    {
        var text = _texts[path];
        Assert.Equal(2, text.Split(from).Length);
        return With(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    public BicepSources With(string path, string text) => new(_texts.Where(pair => pair.Key != path).Append(new(path, text)));

    /// <summary>The path of a file that another names from its own folder.</summary>
    public static string Resolve(string fromFile, string path)
    {
        var folder = fromFile.Contains('/', StringComparison.Ordinal) ? fromFile[..fromFile.LastIndexOf('/')] : "";
        var parts = new List<string>();
        foreach (var part in $"{folder}/{path}".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part != ".")
                parts.Add(part);
        }

        return string.Join('/', parts);
    }
}
