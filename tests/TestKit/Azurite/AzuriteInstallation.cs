using System.Diagnostics;
using System.Security.Cryptography;

namespace Headgate.TestKit.Azurite;

/// <summary>
/// The server's packages as the lock file pins them, installed once for each lock file into a folder of the system's temporary one that
/// every test run of this machine finds again.
/// </summary>
internal static class AzuriteInstallation
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <returns>The script that starts the table server.</returns>
    public static async Task<string> EnsureAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Azurite");
        var pin = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..16];
        var folder = Path.Combine(Path.GetTempPath(), $"headgate-azurite-{pin}");
        var script = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "table", "main.js");
        if (File.Exists(script))
            return script;
        using var limit = new CancellationTokenSource(s_patience);
        await using var alone = await LockAsync(folder + ".lock", limit.Token);
        if (!File.Exists(script))
            await InstallAsync(source, folder, limit.Token);
        return script;
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
            throw new InvalidOperationException($"npm could not install the table server (exit code {npm.ExitCode}):\n{await output}\n{errors}");
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
