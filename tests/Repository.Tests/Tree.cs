namespace Headgate.Repository.Tests;

/// <summary>A file of this repository: its path from the root, with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string[] Lines => Text.Split('\n');

    /// <summary>Physical lines; the newline at the end begins no further one.</summary>
    public int LineCount => Text.Length == 0 ? 0 : Text.TrimEnd('\n').Split('\n').Length;

    /// <summary>The project it belongs to: <c>src/Core</c>.</summary>
    public string Project => string.Join('/', Path.Split('/').Take(2));

    /// <summary>The first folder below the project, or empty at its root.</summary>
    public string Room => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";
}

/// <summary>This repository's files, without what builds and tests leave behind.</summary>
internal static class Tree
{
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal) { ".git", ".vs", ".idea", "bin", "obj", "node_modules", "TestResults", "headgate-data" };

    private static readonly HashSet<string> TextEndings = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".json", ".md", ".txt", ".yml", ".yaml", ".sln", ".sql", ".sh", ".bicep", ".http", ".html", ".js", ".css", "",
    };

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal).Select(Read)];

    public static IReadOnlyList<SourceFile> Code { get; } = [.. Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    public static IEnumerable<SourceFile> Product => Code.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Tests => Code.Where(file => file.Path.StartsWith("tests/", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Projects => Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    public static bool Exists(string path)
    {
        var full = Path.Combine(Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    public static SourceFile Named(string path) => Files.Single(file => file.Path == path);

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => TextEndings.Contains(Path.GetExtension(file)))
            .Concat(Directory.EnumerateDirectories(folder).Where(child => !Left.Contains(Path.GetFileName(child))).SelectMany(Walk));

    private static SourceFile Read(string path) => new(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Serverless.sln stands in no folder above the test's own.");
    }
}
