namespace Headgate.Demo.Steps;

/// <summary>Five real commands that need each other.</summary>
internal static class GraphStep
{
    public static readonly Step Graph = new("a graph of five commands runs in the order of its needs", async (stage, stop) =>
    {
        var root = Programs.Repository.FullName;
        var folder = Path.Combine(stage.Work, "graph");
        var (readme, license) = (Path.Combine(root, "README.md"), Path.Combine(root, "LICENSE"));
        var runId = await stage.Api.SubmitAsync(Stage.Acme, Tasks.Run(
            "graph",
            Tasks.Command("folder", Scripts.MakeFolder, "-p", folder),
            Tasks.Command("copy-readme", Scripts.Copy, readme, folder).After("folder"),
            Tasks.Command("copy-license", Scripts.Copy, license, folder).After("folder"),
            Tasks.Command("check-readme", Scripts.Compare, readme, Path.Combine(folder, "README.md")).After("copy-readme"),
            Tasks.Command("check-all", Scripts.Compare, license, Path.Combine(folder, "LICENSE")).After("copy-license", "check-readme")), stop);
        var run = await stage.Api.EndAsync(Stage.Acme, runId, stop);
        if (run.Status != "completed")
            throw new NotProvenException($"the run ended {run.Status}: {run.Failure?.Message}");

        var tasks = run.Tasks!.ToDictionary(task => task.Name, StringComparer.Ordinal);
        foreach (var task in tasks.Values)
        {
            foreach (var need in task.Needs)
            {
                if (tasks[need].Attempts[^1].FinishedAt > task.Attempts[0].StartedAt)
                    throw new NotProvenException($"{task.Name} started before {need} had ended");
            }
        }

        var agents = tasks.Values.Select(task => task.Attempts[^1].AgentId).Distinct(StringComparer.Ordinal).Count();
        return $"5 of 5 completed on {agents} agent{(agents == 1 ? "" : "s")} in {(run.FinishedAt - run.CreatedAt)!.Value.TotalMilliseconds:F0} ms";
    });
}
