using System.Reflection;

namespace Headgate.LocalHost.Demonstration;

/// <summary>Where the executables of this build and the repository they come from are.</summary>
internal static class Programs
{
    private const string AgentName = "Headgate.Agent";

    /// <summary>This very program, as a command and its first arguments.</summary>
    public static (string Program, string[] Arguments) Service => Environment.ProcessPath is { } path && !IsDotnet(path)
        ? (path, [])
        : ("dotnet", [Assembly.GetExecutingAssembly().Location]);

    /// <summary>The agent, built beside: <c>src/Agent/bin/{configuration}/net10.0</c>.</summary>
    /// <exception cref="NotProvenException">It was not built.</exception>
    public static (string Program, string[] Arguments) Agent
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var dll = Path.Combine(here.FullName, "..", "..", "..", "..", "Agent", "bin", here.Parent?.Name ?? "Debug", here.Name, AgentName + ".dll");
            return File.Exists(dll) ? ("dotnet", [Path.GetFullPath(dll)]) : throw new NotProvenException($"The agent is not built: {Path.GetFullPath(dll)} is missing.");
        }
    }

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

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
}
