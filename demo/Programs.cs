namespace Headgate.Demo;

/// <summary>Where the programs of this build and the repository they come from are.</summary>
internal static class Programs
{
    /// <exception cref="NotProvenException">It was not built.</exception>
    public static string Service => Built("LocalHost");

    /// <inheritdoc cref="Service"/>
    public static string Agent => Built("Agent");

    /// <summary>Null where it is not installed.</summary>
    public static string? Restic => File.Exists("/usr/bin/restic") ? "/usr/bin/restic" : null;

    /// <summary>The repository's root: the nearest folder above that holds the solution.</summary>
    public static DirectoryInfo Repository
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                    return folder;
            }

            throw new NotProvenException("The demonstration runs from a checkout of the repository: no Serverless.sln was found above the executable.");
        }
    }

    // Of the configuration of this very program: src/{project}/bin/{configuration}/net10.0.
    private static string Built(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var assembly = Path.Combine(Repository.FullName, "src", project, "bin", here.Parent?.Name ?? "Debug", here.Name, $"Headgate.{project}.dll");
        return File.Exists(assembly) ? assembly : throw new NotProvenException($"{project} is not built: {assembly} is missing.");
    }
}
