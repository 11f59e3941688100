using System.ComponentModel;
using System.Diagnostics;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Agent.Quotas;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Command;

/// <summary>Starts one allowed program, without a shell, and waits for it. Exit code 0 alone is success.</summary>
internal sealed class CommandTask(
    AllowedPrograms programs,
    AllowedPaths paths,
    ChildEnvironment environment,
    WorkFolders folders,
    ChildQuota quota,
    int outputLimit) : ITaskType
{
    private const int TryAgain = 11;
    private const int OutOfMemory = 12;
    private const int NotThere = 2;

    public async Task<TaskOutcome> RunAsync(Attempt attempt, string marker, CancellationToken stop)
    {
        var problems = new Problems();
        var payload = CommandPayload.Read(attempt.Task.Payload, problems);
        if (problems.Any)
            return TaskOutcome.Failed.Refused($"payload: {string.Join("; ", problems.Items)}");
        if ((programs.Refusal(payload.Argv[0]) ?? environment.Refusal(payload.Env)) is { } refused)
            return TaskOutcome.Failed.Refused(refused);

        if (payload.WorkingDirectory is null)
        {
            var fresh = folders.Create();
            try
            {
                return await RunInAsync(fresh, payload, marker, stop);
            }
            finally
            {
                folders.Remove(fresh);
            }
        }

        if (paths.Resolve(payload.WorkingDirectory, out var refusal) is not { } folder)
            return TaskOutcome.Failed.Refused(refusal);
        return Directory.Exists(folder)
            ? await RunInAsync(folder, payload, marker, stop)
            : TaskOutcome.Failed.Refused($"'{payload.WorkingDirectory}' is not a folder");
    }

    private async Task<TaskOutcome> RunInAsync(string folder, CommandPayload payload, string marker, CancellationToken stop)
    {
        var argv = OwnSession.Of(payload.Argv);
        var start = new ProcessStartInfo(argv[0], argv.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        environment.Fill(start.Environment, payload.Env, marker);
        using var process = new Process { StartInfo = start };
        try
        {
            quota.Start(process);
        }
        catch (Win32Exception e)
        {
            // An allowed program that is not there is on its way: an upgrade puts the new one in its place.
            return new TaskOutcome.Failed(e.NativeErrorCode is TryAgain or OutOfMemory or NotThere ? "resource" : "permanent", $"could not start '{payload.Argv[0]}': {e.Message}");
        }

        var output = new ChildOutput(process, payload.Stdin, outputLimit);
        var ended = await EndAsync(process, marker, stop);
        await output.DrainAsync();
        return ended switch
        {
            null => new TaskOutcome.Interrupted(output.Log),
            0 => new TaskOutcome.Succeeded(Log: output.Log, ExitCode: 0),
            { } code => new TaskOutcome.Failed(null, output.ErrorTail is { Length: > 0 } error ? error : $"exit code {code}", code, output.Log),
        };
    }

    /// <summary>The exit code; null when it had to be stopped. Either way nothing of it runs on.</summary>
    private static async Task<int?> EndAsync(Process process, string marker, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop);
            ProcessTree.KillMarked(m => m == marker);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Kill(process, marker);
            await process.WaitForExitAsync(CancellationToken.None);
            return null;
        }
    }
}
