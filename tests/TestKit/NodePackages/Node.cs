namespace Headgate.TestKit.NodePackages;

/// <summary>Whether Node and its package manager are on this machine's path.</summary>
public static class Node
{
    private const string Absent = "Node is not installed: https://nodejs.org";

    private static readonly string? s_node = Find("node");
    private static readonly string? s_npm = Find("npm");

    /// <summary>Why what needs Node can't run; null where it can.</summary>
    public static string? Missing => s_node is null || s_npm is null ? Absent : null;

    public static string Program => s_node ?? throw new InvalidOperationException(Absent);

    public static string PackageManager => s_npm ?? throw new InvalidOperationException(Absent);

    private static string? Find(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
    }
}
