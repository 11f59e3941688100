using Headgate.Agent.Files;
using Headgate.Agent.Options;
using Headgate.Agent.Tasks;
using Headgate.Agent.Tasks.Archive;
using Headgate.Agent.Tasks.Command;
using Headgate.Agent.Tasks.Restic;

namespace Headgate.Agent.Running;

/// <summary>The types this agent takes, made from what its owner allows.</summary>
internal static class TaskTypes
{
    public static IReadOnlyDictionary<string, ITaskType> Of(AgentOptions options, TaskMeans means)
    {
        var paths = new AllowedPaths(options.AllowedPaths);
        var restic = new ResticProgram(options, means);
        return options.TakenTypes.ToDictionary(
            type => type,
            type => type switch
            {
                "command" => (ITaskType)new CommandTask(
                    new AllowedPrograms(options.AllowedPrograms), paths, new ChildEnvironment(options.Environment, means.Variable), means.Folders, means.Quota, options.OutputLimitBytes),
                "archive" => new ArchiveTask(paths, means.Archives),
                "backup" => new BackupTask(restic, paths),
                "restore" => new RestoreTask(restic, paths),
                "check" => new CheckTask(restic),
                "prune" => new PruneTask(restic),
                _ => new NoopTask(),
            },
            StringComparer.Ordinal);
    }

    /// <summary>Ends the marker of every process of this life of the agent; the part before the dot is the same in its next.</summary>
    public static string MarkerSuffix(string instance) => $"{instance}.{Guid.NewGuid():N}";

    /// <summary>Whether a marker was given by an agent on the same state directory, in whichever life.</summary>
    public static Func<string, bool> IsOf(string instance) => marker => marker.Split(':') is [.., var suffix] && suffix.StartsWith(instance + ".", StringComparison.Ordinal);
}
