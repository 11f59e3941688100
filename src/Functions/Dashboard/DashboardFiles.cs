using System.Security.Cryptography;
using System.Text;

namespace Headgate.Functions.Dashboard;

/// <summary>The dashboard's files, as they stand in the assembly.</summary>
public static class DashboardFiles
{
    /// <summary>The page itself, which is answered at the root.</summary>
    public const string Page = "index.html";

    private const string Folder = "dashboard/";
    private const string Documents = "docs/";
    private const string Runbooks = Documents + "runbooks/";

    private static readonly Lazy<IReadOnlyDictionary<string, DashboardFile>> s_files = new(Read);

    private static readonly Lazy<string> s_version = new(() => VersionOf(s_files.Value));

    /// <summary>By path below the folder, with forward slashes.</summary>
    public static IReadOnlyDictionary<string, DashboardFile> All => s_files.Value;

    /// <summary>Another one whenever a file changes: it stands in their address, so browsers may keep them for good.</summary>
    public static string Version => s_version.Value;

    private static Dictionary<string, DashboardFile> Read()
    {
        var assembly = typeof(DashboardFiles).Assembly;
        var files = new Dictionary<string, DashboardFile>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames())
        {
            // Where folders are separated by backslashes, the build has them in the name.
            var path = name.Replace('\\', '/');
            var place = path.StartsWith(Folder, StringComparison.Ordinal) ? path[Folder.Length..]
                : path.StartsWith(Runbooks, StringComparison.Ordinal) ? path[Documents.Length..]
                : null;
            if (place is null)
                continue;
            using var resource = assembly.GetManifestResourceStream(name)!;
            var body = new byte[resource.Length];
            resource.ReadExactly(body);
            files.Add(place, new DashboardFile(MediaTypeOf(path), body));
        }

        return files;
    }

    private static string VersionOf(IReadOnlyDictionary<string, DashboardFile> files)
    {
        var all = string.Join('\n', files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {file.Value.Hash}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }

    private static string MediaTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml; charset=utf-8",
        ".json" => "application/json",
        ".md" => "text/markdown; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
}
