namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>The files of <c>infra/</c>. Paths are from there.</summary>
internal static class Sources
{
    public static string Root { get; } = Repository.Full("infra");

    public static IReadOnlyList<string> Paths { get; } =
        [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    /// <summary>Names of the parameter files: dev, main, prod.</summary>
    public static IReadOnlyList<string> ParameterFiles { get; } =
        [.. Paths.Where(path => path.EndsWith(".bicepparam", StringComparison.Ordinal)).Select(path => Path.GetFileNameWithoutExtension(path))];

    public static IEnumerable<string> BicepFiles => Paths.Where(path => path.EndsWith(".bicep", StringComparison.Ordinal));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));
}
