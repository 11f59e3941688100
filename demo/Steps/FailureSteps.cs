using System.Net;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Demo.Steps;

/// <summary>What failures of each kind lead to.</summary>
internal static class FailureSteps
{
    public static readonly Step Recovery = new("a flaky task recovers through backoff", async (stage, stop) =>
    {
        var tries = Path.Combine(stage.Work, "flaky");
        var run = await EndOfAsync(stage, Tasks.Command("flaky", stage.Scripts.Flaky, tries).WithPolicy(Begin.QuickPolicy), stop);
        var task = run.Tasks![0];
        if (run.Status != "completed" || task.Attempt != 3)
            throw new NotProvenException($"the run ended {run.Status} after {task.Attempt} attempts");
        if (task.Attempts.Take(2).Any(attempt => attempt.ErrorCategory != "network"))
            throw new NotProvenException("a refused connection was not called a network failure");

        var waits = task.Attempts.Zip(task.Attempts.Skip(1), (failed, next) => (next.StartedAt - failed.FinishedAt!.Value).TotalSeconds).ToList();
        if (waits[0] < Begin.QuickBaseSeconds || waits[1] < Begin.QuickBaseSeconds * 2)
            throw new NotProvenException($"a retry came before its backoff had ended: {string.Join(", ", waits)}");
        return $"network failure twice, waited {waits[0]:F2} s and {waits[1]:F2} s, then done; {task.RetriesRemaining} retry left";
    });

    public static readonly Step Permanent = new("a permanent failure stops at once", async (stage, stop) =>
    {
        var run = await EndOfAsync(stage, Tasks.Command("read", Scripts.Cat, Path.Combine(stage.Work, "no-such-file")), stop);
        var task = run.Tasks![0];
        return run.Status == "failed" && task is { Attempt: 1, Status: "failed", LastErrorCategory: "permanent" }
            ? "1 attempt, class permanent, no retry"
            : throw new NotProvenException($"the task ended {task.Status} after {task.Attempt} attempts with class {task.LastErrorCategory}");
    });

    public static readonly Step Exhausted = new("a spent budget becomes a dead letter, which is replayed", async (stage, stop) =>
    {
        var repair = Path.Combine(stage.Work, "repaired");
        var run = await EndOfAsync(stage, Tasks.Command("broken", stage.Scripts.Broken, repair).WithPolicy(Begin.QuickPolicy, maxRetries: 1), stop);
        var task = run.Tasks![0];
        if (task is not { Status: "exhausted", Attempt: 2 })
            throw new NotProvenException($"the task ended {task.Status} after {task.Attempt} attempts");

        var letters = (await stage.Api.GetAsync($"/tenants/{Stage.Acme}/dead-letters", stop)).Expect(HttpStatusCode.OK).Read(ContractJson.Default.PageDeadLetterView);
        var letter = letters.Items.FirstOrDefault(item => item.TaskId == task.TaskId) ?? throw new NotProvenException("there is no dead letter");
        await File.WriteAllTextAsync(repair, "", stop);
        var replay = (await stage.Api.PostAsync($"/tenants/{Stage.Acme}/dead-letters/{letter.Id}/replay", stop)).Expect(HttpStatusCode.Accepted);
        var replayed = await stage.Api.EndAsync(Stage.Acme, replay.Text("runId")!, stop);
        return replayed.Status == "completed"
            ? $"{letter.Attempts} attempts ({letter.ErrorCategory}), dead letter, replayed: completed"
            : throw new NotProvenException($"the replay ended {replayed.Status}");
    });

    private static async Task<RunView> EndOfAsync(Stage stage, TaskRequest task, CancellationToken stop) =>
        await stage.Api.EndAsync(Stage.Acme, await stage.Api.SubmitAsync(Stage.Acme, Tasks.Run(task.Name, task), stop), stop);
}
