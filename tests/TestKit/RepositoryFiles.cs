namespace Headgate.TestKit;

/// <summary>The files of the repository that a test holds to what the code does.</summary>
public static class RepositoryFiles
{
    private static readonly string s_root = FindRoot();

    /// <param name="path">From the root.</param>
    public static string Read(string path) => File.ReadAllText(At(path));

    public static string At(string path) => Path.Combine(s_root, path);

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
