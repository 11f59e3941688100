using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>Something wrong with the files, by a name that stays.</summary>
internal sealed record Problem(string Path, int Line, string Rule, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Rule}: {Message}";
}

/// <summary>All files parsed, with what could not be.</summary>
internal sealed class BicepProgram
{
    private readonly Dictionary<string, BicepFile> _files = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];

    public BicepProgram(BicepSources sources)
    {
        Sources = sources;
        foreach (var path in sources.Paths.Where(path => path.EndsWith(".bicep", StringComparison.Ordinal) || path.EndsWith(".bicepparam", StringComparison.Ordinal)))
        {
            try
            {
                _files[path] = Parser.Parse(path, sources[path]);
            }
            catch (BicepSyntaxException failure)
            {
                _problems.Add(new Problem(path, failure.Line, "syntax", failure.Message));
            }
        }
    }

    public BicepSources Sources { get; }

    public IReadOnlyList<Problem> SyntaxProblems => _problems;

    public IEnumerable<BicepFile> Files => _files.Values;

    /// <summary>Files that declare what is deployed.</summary>
    public IEnumerable<BicepFile> Modules => Files.Where(file => file.Using is null);

    /// <summary>Files of parameters.</summary>
    public IEnumerable<BicepFile> ParameterFiles => Files.Where(file => file.Using is not null);

    public BicepFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>The file that another names from its own folder; null where there is none.</summary>
    public BicepFile? Find(BicepFile from, string path) => Find(BicepSources.Resolve(from.Path, path));
}
