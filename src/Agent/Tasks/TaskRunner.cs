using System.Text;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tasks;

/// <summary>Runs one attempt to its end, within its time limit, and says what to report.</summary>
/// <param name="types">What this agent takes, by name.</param>
internal sealed class TaskRunner(IReadOnlyDictionary<string, ITaskType> types, string markerSuffix, TimeProvider time)
{
    /// <summary>4 KiB of UTF-8: longer messages keep their end.</summary>
    public const int MaxMessageBytes = 4096;

    private const int MaxTimeoutSeconds = 86400;

    /// <summary>Never throws. Null: the attempt is no longer this agent's, nothing is reported.</summary>
    public async Task<TaskResult?> RunAsync(Attempt attempt)
    {
        var began = time.GetTimestamp();
        var outcome = await OutcomeAsync(attempt);
        return attempt.Reason == StopReason.Lost ? null : Result(attempt, outcome, time.GetElapsedTime(began).TotalSeconds);
    }

    private async Task<TaskOutcome> OutcomeAsync(Attempt attempt)
    {
        var task = attempt.Task;
        if (attempt.Reason != StopReason.None)
            return new TaskOutcome.NotStarted();
        if (!types.TryGetValue(task.Type, out var type))
            return new TaskOutcome.Failed("resource", $"this agent does not take tasks of type '{task.Type}'");

        await using var timer = time.CreateTimer(
            static state => ((Attempt)state!).Stop(StopReason.Timeout), attempt, TimeSpan.FromSeconds(Math.Clamp(task.TimeoutSeconds, 1, MaxTimeoutSeconds)), Timeout.InfiniteTimeSpan);
        try
        {
            return await type.RunAsync(attempt, $"{task.TaskId}:{task.Attempt}:{markerSuffix}", attempt.Stopping);
        }
        catch (OperationCanceledException) when (attempt.Stopping.IsCancellationRequested)
        {
            return new TaskOutcome.Interrupted();
        }
        catch (FolderUnavailableException e)
        {
            return new TaskOutcome.Failed("resource", e.Message);
        }
        catch (Exception e)
        {
            return new TaskOutcome.Failed(null, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static TaskResult Result(Attempt attempt, TaskOutcome outcome, double seconds)
    {
        var task = attempt.Task;
        var basic = new TaskResult(task.TaskId, task.Attempt, "failure", Math.Round(seconds, 3), Log: outcome.Log);
        return outcome switch
        {
            TaskOutcome.Succeeded done => basic with { Status = "success", ExitCode = done.ExitCode, Output = done.Output },
            TaskOutcome.Failed failed => basic with
            {
                ErrorCategory = failed.Category,
                ErrorMessage = End(failed.Message, MaxMessageBytes),
                ExitCode = failed.ExitCode,
                Output = failed.Output,
            },
            _ => attempt.Reason switch
            {
                StopReason.Cancelled => basic with { Status = "cancelled", ErrorCategory = "cancelled", ErrorMessage = "cancelled on request; stopped by the agent" },
                StopReason.AgentStopping when outcome is TaskOutcome.NotStarted => basic with { Status = "released", ErrorMessage = "the agent was stopped before the task was started" },
                StopReason.Timeout => basic with { ErrorCategory = "timeout", ErrorMessage = $"did not end within {task.TimeoutSeconds} s; stopped by the agent" },
                _ => basic with { ErrorCategory = "lost-agent", ErrorMessage = "the agent was stopped before the task ended" },
            },
        };
    }

    /// <summary>The last characters of a text that fit in so many bytes of UTF-8.</summary>
    internal static string End(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        var from = text.Length;
        for (var used = 0; from > 0; from--)
        {
            used += Encoding.UTF8.GetByteCount(text.AsSpan(from - 1, 1));
            if (used > bytes)
                break;
        }

        return char.IsLowSurrogate(text[from]) ? text[(from + 1)..] : text[from..];
    }
}
