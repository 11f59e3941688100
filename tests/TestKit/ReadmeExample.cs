using System.Reflection;

namespace Headgate.TestKit;

/// <summary>The example of a library's README beside the code that runs it; both are resources of the test's assembly.</summary>
public static class ReadmeExample
{
    private const string Fence = "```";

    /// <summary>The first block of C# in a text.</summary>
    public static string InText(Assembly assembly, string name) =>
        Text(Lines(assembly, name).SkipWhile(line => line != Fence + "csharp").Skip(1).TakeWhile(line => line != Fence));

    /// <summary>The members of a file's one class.</summary>
    public static string InCode(Assembly assembly, string name) =>
        Text(Lines(assembly, name).SkipWhile(line => line != "{").Skip(1).TakeWhile(line => line != "}").Select(line => line.Length == 0 ? line : line[4..]));

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines);

    private static string[] Lines(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"The test's assembly has no resource {name}."));
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
