using System.Text.Json;
using Headgate.Core.Identity;
using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Runs;

/// <summary>Reads a submitted run and names everything that is wrong with it. Policies are only names yet: the gate fills them in.</summary>
public static class SubmissionReader
{
    public const int MaxPayloadBytes = 32 * 1024;
    public const int DefaultTimeoutSeconds = 3600;
    public const int MaxTimeoutSeconds = 86_400;
    public const int MaxResources = 8;

    private static readonly Dictionary<string, string> NoLabels = new(StringComparer.Ordinal);
    internal static readonly TextRule Priority = TextRule.OneOf([.. TaskPriorities.WireNames]);
    internal static readonly TextRule LabelKey = new(Grammar.IsLabelKey, $"must be 1..{Grammar.MaxLabelKey} characters without control characters");
    internal static readonly TextRule LabelValue = new(Grammar.IsLabelValue, $"must be at most {Grammar.MaxLabelValue} characters without control characters");

    /// <summary>The body of <c>POST /tenants/{t}/runs</c>; the caller ends the reader and looks at its problems.</summary>
    public static RunDefinition Read(ObjectReader body) => new(
        body.String("name", TextRule.DisplayName, required: true) ?? "",
        PriorityOf(body),
        Metadata(body),
        Tasks(body),
        RetryBudget: body.Int("retryBudget", 0, RetryBudgets.RunCeiling));

    public static string PriorityOf(ObjectReader body) => body.String("priority", Priority) ?? TaskPriority.Normal.WireName();

    public static JsonElement? Metadata(ObjectReader body) => body.Raw("metadata", MaxPayloadBytes, JsonValueKind.Object)?.Clone();

    public static JsonElement? Payload(ObjectReader body) => body.Raw("payload", MaxPayloadBytes)?.Clone();

    /// <summary>1..200 tasks whose needs form an acyclic graph.</summary>
    public static IReadOnlyList<TaskDefinition> Tasks(ObjectReader body)
    {
        var readers = body.Objects("tasks", 1, TaskGraph.MaxTasks, required: true) ?? [];
        var tasks = new TaskDefinition[readers.Count];
        var graph = new (string Name, IReadOnlyList<string> Needs)[readers.Count];
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task(readers[i]);
            graph[i] = (tasks[i].Name, tasks[i].Needs);
        }

        TaskGraph.Check(graph, body.Problems, body.PathOf("tasks"));
        return tasks;
    }

    public static IReadOnlyDictionary<string, string> Labels(ObjectReader body) =>
        body.StringMap("labels", Grammar.MaxLabels, LabelKey, LabelValue) ?? NoLabels;

    private static IReadOnlyList<string>? Resources(ObjectReader body)
    {
        if (body.Strings("resources", MaxResources, TextRule.PolicyName) is not { Count: > 0 } names)
            return null;
        foreach (var twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            body.Problem("resources", $"names '{twice.Key}' more than once");
        return names;
    }

    private static TaskDefinition Task(ObjectReader body)
    {
        var task = new TaskDefinition(
            body.String("name", TextRule.TaskName, required: true) ?? "",
            body.String("type", TextRule.TaskType, required: true) ?? "",
            body.Strings("needs", TaskGraph.MaxTasks, TextRule.TaskName) ?? [],
            body.String("agent", TextRule.DisplayName),
            Labels(body),
            body.Int("timeoutSeconds", 1, MaxTimeoutSeconds) ?? DefaultTimeoutSeconds,
            body.String("policy", TextRule.PolicyName) ?? RetryPolicy.DefaultName,
            body.Int("maxRetries", 0, RetryPolicy.MaxRetriesCeiling),
            null,
            Payload(body),
            Resources(body));
        body.End();
        return task;
    }
}
