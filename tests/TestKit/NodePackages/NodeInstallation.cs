using System.Diagnostics;
using System.Security.Cryptography;

namespace Headgate.TestKit.NodePackages;

/// <summary>
/// Packages of npm as a lock file pins them, installed once for each lock file into a folder of the system's temporary one that every test
/// run of this machine finds again.
/// </summary>
public static class NodeInstallation
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <param name="name">Of the folder beside the tests' program that has <c>package.json</c> and <c>package-lock.json</c>.</param>
    /// <param name="entry">Path of a file or folder below <c>node_modules</c> that is there once everything is.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="InvalidOperationException">Node is absent, or the packages can't be had.</exception>
    public static async Task<string> EnsureAsync(string name, string entry)
    {
        var source = Path.Combine(AppContext.BaseDirectory, name);
        var pin = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..16];
        var folder = Path.Combine(Path.GetTempPath(), $"headgate-{name.ToLowerInvariant()}-{pin}");
        var installed = Path.Combine(folder, "node_modules", entry);
        if (Path.Exists(installed))
            return installed;
        using var limit = new CancellationTokenSource(s_patience);
        await using var alone = await LockAsync(folder + ".lock", limit.Token);
        if (!Path.Exists(installed))
            await InstallAsync(source, folder, limit.Token);
        return installed;
    }

    /// <summary>Installs beside the folder and renames, so that half an installation is never taken for one.</summary>
    private static async Task InstallAsync(string source, string folder, CancellationToken limit)
    {
        var partial = Directory.CreateDirectory(folder + ".partial").FullName;
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(source, file), Path.Combine(partial, file), overwrite: true);
        var start = new ProcessStartInfo(Node.PackageManager, ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = partial,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Process.Start(start)!;
        var output = npm.StandardOutput.ReadToEndAsync(limit);
        var errors = await npm.StandardError.ReadToEndAsync(limit);
        await npm.WaitForExitAsync(limit);
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm could not install {Path.GetFileName(source)} (exit code {npm.ExitCode}):\n{await output}\n{errors}");
        Directory.Move(partial, folder);
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken limit)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another test process installs; the operating system gives no signal when it is done.
                await Task.Delay(TimeSpan.FromMilliseconds(200), limit);
            }
        }
    }
}
