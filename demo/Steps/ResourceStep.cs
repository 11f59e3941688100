using System.Net;
using Headgate.Contracts.Runs;

namespace Headgate.Demo.Steps;

/// <summary>Tasks that share a repository.</summary>
internal static class ResourceStep
{
    private const string Vault = "vault";

    public static readonly Step Held = new("a repository that refuses its password costs one attempt", async (stage, stop) =>
    {
        var password = Path.Combine(stage.Work, "password");
        var backup = Tasks.Command("backup", stage.Scripts.Locked, password) with { Resources = [Vault] };
        var refused = await stage.Api.EndAsync(Stage.Acme, await SubmitAsync(stage, backup, stop), stop);
        var runs = new List<string>();
        for (var i = 0; i < 3; i++)
            runs.Add(await SubmitAsync(stage, backup, stop));
        foreach (var run in runs)
            await stage.Api.UntilAsync(Stage.Acme, run, "kept back", view => view.Tasks![0].WaitingFor == $"resource:{Vault}", stop);

        await File.WriteAllTextAsync(password, "", stop);
        (await stage.Api.PostAsync($"/tenants/{Stage.Acme}/resources/{Vault}/release", stop)).Expect(HttpStatusCode.OK);
        var ended = new List<RunView> { refused };
        foreach (var run in runs)
            ended.Add(await stage.Api.EndAsync(Stage.Acme, run, stop));

        var failed = ended.SelectMany(run => run.Tasks![0].Attempts).Count(attempt => attempt.ErrorCategory == "auth");
        return failed == 1 && ended.Count(run => run.Status == "completed") == runs.Count
            ? $"1 attempt refused, {runs.Count} runs kept back unspent, released with the password: all completed"
            : throw new NotProvenException($"{failed} attempts were refused; the runs ended {string.Join(", ", ended.Select(run => run.Status))}");
    });

    private static Task<string> SubmitAsync(Stage stage, TaskRequest task, CancellationToken stop) => stage.Api.SubmitAsync(Stage.Acme, Tasks.Run(task.Name, task), stop);
}
