using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Agent.Options;
using Headgate.Agent.Tasks.Command;
using Headgate.Contracts;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// Runs restic on a repository of the owner's. Address and password go by the environment, so that no argument, which everybody on the
/// machine can read, holds a secret. A stopped call gets an interrupt and the time to take its locks away.
/// </summary>
internal sealed class ResticProgram(AgentOptions options, TaskMeans means)
{
    private const int Interrupt = 2;
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProgressLines = TimeSpan.FromMinutes(1);

    private readonly ChildEnvironment _environment = new(options.Environment, means.Variable);
    private readonly ResticLocks _locks = new(Path.Combine(options.StateDirectory, "restic"));
    private readonly string _cache = Path.Combine(options.StateDirectory, "restic-cache");

    /// <summary>The repository of this name; null, with the problem, where there is none.</summary>
    public Repository? Find(string name, out string refusal)
    {
        refusal = options.Repositories.TryGetValue(name, out var repository)
            ? ""
            : $"'{Shown(name)}' is not a repository of this agent ({string.Join(", ", options.Repositories.Keys.Order(StringComparer.Ordinal))})";
        return repository;
    }

    /// <summary>Waits for its end. A lock that an earlier call of this agent has left behind is taken away once, and the call repeated.</summary>
    /// <param name="arguments">Command first. Options of all commands are added here.</param>
    /// <param name="line">Gets the lines of standard output that are no messages.</param>
    public async Task<ResticEnd> RunAsync(Repository repository, IReadOnlyList<string> arguments, Attempt attempt, string marker, Action<string>? line, CancellationToken stop)
    {
        var end = await OnceAsync(repository, arguments, attempt, marker, line, stop);
        if (end.Code is not { } code || end.WasStopped || !ResticFailure.IsLocked(code, end.Error) || _locks.Leftover(end.Error) is not { } process)
            return end;
        var unlocked = await OnceAsync(repository, ["unlock"], attempt, marker, line: null, stop);
        if (unlocked.Code != 0)
            return end;
        _locks.Ended(process);
        means.Log.Warn("restic-unlocked", ("repository", repository.Name), ("process", process), ("reason", "it was killed by or with this agent and left its lock"));
        return await OnceAsync(repository, arguments, attempt, marker, line, stop);
    }

    private async Task<ResticEnd> OnceAsync(Repository repository, IReadOnlyList<string> arguments, Attempt attempt, string marker, Action<string>? line, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var folder = means.Folders.Create();
        try
        {
            using var process = new Process { StartInfo = Start(repository, arguments, marker, folder) };
            try
            {
                means.Quota.Start(process);
            }
            catch (Win32Exception e)
            {
                return new ResticEnd(ResticFailure.NotStarted, WasStopped: false, $"could not start '{options.ResticProgram}': {e.Message}", "", null, new WarningList());
            }

            _locks.Began(process.Id);
            var output = new ResticOutput(process, repository, options.OutputLimitBytes, Report(attempt), line ?? (_ => { }));
            var code = await WaitAsync(process, marker, stop);
            return await output.EndAsync(code, stop.IsCancellationRequested);
        }
        finally
        {
            means.Folders.Remove(folder);
        }
    }

    private ProcessStartInfo Start(Repository repository, IReadOnlyList<string> arguments, string marker, string folder)
    {
        var argv = OwnSession.Of([options.ResticProgram, arguments[0], .. Limits(), .. arguments.Skip(1)]);
        var start = new ProcessStartInfo(argv[0], argv.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _environment.Fill(start.Environment, new Dictionary<string, string>(), marker);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RESTIC_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment.TryAdd("PATH", DefaultPath);
        start.Environment["RESTIC_CACHE_DIR"] = _cache;
        start.Environment["TMPDIR"] = folder;
        foreach (var (name, value) in repository.Env)
            start.Environment[name] = value;
        start.Environment["RESTIC_REPOSITORY"] = repository.Url;
        start.Environment["RESTIC_PASSWORD_FILE"] = repository.PasswordFile;
        start.Environment["RESTIC_PROGRESS_FPS"] = "1";
        return start;
    }

    /// <summary>restic counts in KiB/s, and keeps the rate that it was started with.</summary>
    private string[] Limits() => means.Quota.Current.KibPerSecond(means.Transfers()) is { } rate
        ? [string.Create(CultureInfo.InvariantCulture, $"--limit-upload={rate}"), string.Create(CultureInfo.InvariantCulture, $"--limit-download={rate}")]
        : [];

    /// <summary>The exit code; null when it had to be killed. Either way nothing of it runs on.</summary>
    private async Task<int?> WaitAsync(Process process, string marker, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            if (!await InterruptAsync(process))
            {
                ProcessTree.Kill(process, marker);
                await process.WaitForExitAsync(CancellationToken.None);
                return null;
            }
        }

        ProcessTree.KillMarked(m => m == marker);
        // Killed by somebody else it has left its locks, and an interrupt at the moment of locking can leave one too.
        if (process.ExitCode != 128 + Posix.KillSignal && !stop.IsCancellationRequested)
            _locks.Ended(process.Id);
        return process.ExitCode;
    }

    private async Task<bool> InterruptAsync(Process process)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        if (!process.HasExited)
            _ = Posix.Kill(process.Id, Interrupt);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(InterruptGrace, means.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Keeps the last progress with the attempt, and tells it in the log once a minute.</summary>
    private Action<TaskProgress> Report(Attempt attempt)
    {
        var last = means.Time.GetTimestamp();
        return progress =>
        {
            attempt.Progress = progress;
            if (means.Time.GetElapsedTime(last) < ProgressLines)
                return;
            last = means.Time.GetTimestamp();
            means.Log.Info("task-progress", ("task", attempt.Task.TaskId), ("attempt", attempt.Task.Attempt), ("percent", progress.Percent), ("bytes", progress.Bytes), ("files", progress.Files));
        };
    }

    private static string Shown(string name) => name.Length > 64 ? $"{name.AsSpan(0, 64)}…" : name;
}
