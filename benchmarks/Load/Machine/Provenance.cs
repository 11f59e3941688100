using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Headgate.Load.Machine;

/// <summary>Where figures come from: without it they can't be compared.</summary>
/// <param name="Date">UTC, to the second.</param>
/// <param name="Commit">Of the checkout this program was built in; with <c>+</c> where files differ from it.</param>
/// <param name="Disk">File system under the data folders.</param>
internal sealed record Provenance(
    DateTimeOffset Date, string Version, string Commit, int Processors, string ProcessorName, double MemoryGiB, string Kernel, string DotNet, string Sqlite, string Disk)
{
    public static Provenance Take(string data)
    {
        Batteries_V2.Init();
        return new(
            DateTimeOffset.UtcNow,
            typeof(Provenance).Assembly.GetName().Version!.ToString(3),
            CommitOf(AppContext.BaseDirectory),
            Environment.ProcessorCount,
            Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Math.Round(long.Parse(Line("/proc/meminfo", "MemTotal")!.Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0 / 1024.0, 1),
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            Environment.Version.ToString(),
            raw.sqlite3_libversion().utf8_to_string(),
            FileSystemOf(data));
    }

    public override string ToString() =>
        $"{Date:yyyy-MM-dd HH:mm:ss} UTC, Headgate {Version}, commit {Commit}, {Processors} processors ({ProcessorName}), {MemoryGiB} GiB, Linux {Kernel}, .NET {DotNet}, SQLite {Sqlite}, data on {Disk}";

    private static string? Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    // The deepest mount point above the folder.
    private static string FileSystemOf(string folder) => File.ReadLines("/proc/mounts")
        .Select(line => line.Split(' '))
        .Where(mount => (Path.GetFullPath(folder) + "/").StartsWith(mount[1].TrimEnd('/') + "/", StringComparison.Ordinal))
        .OrderBy(mount => mount[1].Length)
        .Last()[2];

    private static string CommitOf(string folder)
    {
        var commit = Git(folder, "rev-parse", "--short", "HEAD");
        return commit is null ? "unknown" : Git(folder, "status", "--porcelain") is "" ? commit : commit + "+";
    }

    private static string? Git(string folder, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
