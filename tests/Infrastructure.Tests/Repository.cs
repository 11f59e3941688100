namespace Headgate.Infrastructure.Tests;

/// <summary>This repository's files.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Full(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(Full(path));

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
