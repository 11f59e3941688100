using Headgate.Contracts.Runs;

namespace Headgate.Demo.Steps;

/// <summary>Processes that are killed without warning.</summary>
internal static class CrashSteps
{
    public static readonly Step Agent = new("an agent is killed in mid-task; the task finishes elsewhere", async (stage, stop) =>
    {
        var runId = await stage.Api.SubmitAsync(Stage.Acme, Tasks.Sleeper("survivor", "2"), stop);
        var held = await stage.Api.UntilAsync(Stage.Acme, runId, "handed out", run => run.Tasks![0].AgentId is not null, stop);
        var victim = await stage.NameOfAgentAsync(held.Tasks![0].AgentId!, stop);
        stage.KillAgent(victim);
        var killedAt = DateTimeOffset.UtcNow;

        var run = await stage.Api.EndAsync(Stage.Acme, runId, stop);
        var attempts = run.Tasks![0].Attempts;
        if (run.Status != "completed" || attempts is not [{ ErrorCategory: "lost-agent" }, { Outcome: "success" }] || attempts[0].AgentId == attempts[1].AgentId)
            throw new NotProvenException($"the run ended {run.Status} with attempts {string.Join(", ", attempts.Select(attempt => $"{attempt.Outcome} {attempt.ErrorCategory}"))}");
        var other = await stage.NameOfAgentAsync(attempts[1].AgentId, stop);
        await stage.StartAgentAsync(victim == "alpha" ? "gamma" : "delta", stop);
        return $"{victim} killed; lost-agent after {(attempts[0].FinishedAt!.Value - killedAt).TotalSeconds:F1} s (one lease), {other} finished it";
    });

    public static readonly Step Service = new("the service is killed in mid-run and started again; nothing is lost", async (stage, stop) =>
    {
        var runs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await stage.Api.SubmitAsync(
                Stage.Acme,
                Tasks.Run($"crash-{i}", Tasks.Command("before", Scripts.Sleep, "0.2"), Tasks.Command("during", Scripts.Sleep, "1").After("before"), Tasks.Command("after", Scripts.Sleep, "0.1").After("during")),
                stop));
        }

        await stage.Api.UntilAsync(Stage.Acme, runs[^1], "under way", run => run.Tasks!.Any(task => task is { Name: "during", AgentId: not null }), stop);
        stage.KillService();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await stage.StartServiceAsync(stop);
        var away = clock.Elapsed.TotalSeconds;

        var ended = new List<RunView>();
        foreach (var runId in runs)
            ended.Add(await stage.Api.EndAsync(Stage.Acme, runId, stop));
        var attempts = ended.SelectMany(run => run.Tasks!).Sum(task => task.Attempts.Count(attempt => attempt.Outcome == "success"));
        var tenant = await stage.Api.TenantAsync(Stage.Acme, stop);
        return ended.TrueForAll(run => run.Status == "completed") && attempts == 9 && tenant.InFlight == 0
            ? $"back after {away:F1} s; 3 of 3 runs completed, 9 results applied once each, in flight 0"
            : throw new NotProvenException($"runs ended {string.Join(", ", ended.Select(run => run.Status))}; {attempts} results; {tenant.InFlight} in flight");
    });
}
