using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Headgate.Contracts.Runs;

namespace Headgate.Demo.Steps;

/// <summary>A backup of real files with restic, for machines that have it.</summary>
internal static class BackupStep
{
    private const string Agent = "keeper";
    private const int LimitMbps = 16;
    private const int FileBytes = 10_000_000;
    private const double Tolerance = 1.15;

    public static readonly Step Limited = new("restic backs up within the agent's bandwidth limit, and restores", async (stage, stop) =>
    {
        var password = Path.Combine(stage.Folder, "vault.key");
        await File.WriteAllTextAsync(password, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), stop);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await MakeRepositoryAsync(stage.Vault, password, stop);
        var source = Directory.CreateDirectory(Path.Combine(stage.Work, "source")).FullName;
        var bytes = RandomNumberGenerator.GetBytes(FileBytes);
        await File.WriteAllBytesAsync(Path.Combine(source, "file"), bytes, stop);

        // The first heartbeat brings the limit, before the first task.
        var id = await stage.RegisterAgentAsync(Agent, AgentConfig.WriteKeeper(stage, Agent, password), stop);
        (await stage.Api.PatchAsync($"/agents/{id}/settings", $$"""{"bandwidthLimitMbps":{{LimitMbps}}}""", stop)).Expect(HttpStatusCode.OK);
        stage.RunAgent(Agent);

        var restored = Path.Combine(stage.Work, "restored");
        var runId = await stage.Api.SubmitAsync(Stage.Acme, Tasks.Run("backup", Tasks.Backup("backup", source), Tasks.Restore("restore", restored).After("backup")), stop);
        var run = await stage.Api.EndAsync(Stage.Acme, runId, stop);
        if (run.Status != "completed" || Backup(run).Output is not { } facts)
            throw new NotProvenException($"the run ended {run.Status}: {run.Failure?.Message}");

        var (added, seconds) = (facts.GetProperty("bytesAdded").GetInt64(), facts.GetProperty("durationSeconds").GetDouble());
        // restic sends what a second allows at once, and keeps to the rate from then on.
        var rate = ((added * 8 / 1e6) - LimitMbps) / seconds;
        if (added < FileBytes || rate > LimitMbps * Tolerance)
            throw new NotProvenException($"{added} bytes were added at {rate:F1} Mbit/s, where {LimitMbps} are allowed");
        var file = Path.Combine(restored, source.TrimStart('/'), "file");
        var now = await File.ReadAllBytesAsync(file, stop);
        if (!bytes.AsSpan().SequenceEqual(now))
            throw new NotProvenException("the restored file differs from its source");
        return string.Create(CultureInfo.InvariantCulture, $"{added / 1e6:F1} MB in {seconds:F1} s, {rate:F1} of {LimitMbps} Mbit/s; restored byte for byte");
    });

    private static TaskView Backup(RunView run) => run.Tasks!.Single(task => task.Name == "backup");

    private static async Task MakeRepositoryAsync(string path, string password, CancellationToken stop)
    {
        using var init = Process.Start(new ProcessStartInfo(Programs.Restic!, ["init", "--no-cache", "--repo", path, "--password-file", password])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = init.StandardError.ReadToEndAsync(stop);
        await init.StandardOutput.ReadToEndAsync(stop);
        await init.WaitForExitAsync(stop);
        if (init.ExitCode != 0)
            throw new NotProvenException($"restic made no repository: {await error}");
    }
}
