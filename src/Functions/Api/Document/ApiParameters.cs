using System.Text.Json.Nodes;
using Headgate.Core.Failures;
using Headgate.Core.Identity;
using Headgate.Core.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>Parameters of paths and queries, by name.</summary>
internal static class ApiParameters
{
    private const string AnyId = "^[A-Za-z0-9._:~-]{1,200}$";

    private static readonly Dictionary<string, (string Text, Func<JsonObject> Schema)> s_query = new(StringComparer.Ordinal)
    {
        [QueryAttribute.Limit] = ("How many items a page has at most.", () => Whole(1, Paging.MaxLimit, Paging.DefaultLimit)),
        [QueryAttribute.After] = ("The next of an earlier page of this list.", () => FieldRule.Plain()),
        ["status"] = ("Only runs of this status.", () => FieldRule.Words(RunStatuses.WireNames)),
        ["category"] = ("Only those of this failure class.", () => FieldRule.Words(FailureClasses.WireNames)),
        ["type"] = ("Only those of this task type.", () => FieldRule.Text(TextRule.TaskType)),
        ["month"] = ("A UTC month, as in 2026-02; this one by default.", () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}$" }),
        ["since"] = ("Only those of then or later.", FieldRule.Time),
        ["until"] = ("Only those before then.", FieldRule.Time),
        ["tenant"] = ("The tenant that is asked about.", () => FieldRule.Text(TextRule.TenantId)),
    };

    private static readonly Dictionary<string, string> s_notFound = new(StringComparer.Ordinal)
    {
        ["tenantId"] = "tenant-not-found",
        ["runId"] = "run-not-found",
        ["taskId"] = "task-not-found",
        ["agentId"] = "agent-not-found",
        ["subject"] = "member-not-found",
    };

    /// <summary>Query parameters that are described here; any other is a text.</summary>
    public static IEnumerable<string> Known => s_query.Keys;

    /// <summary>How an id is refused that nothing can have.</summary>
    public static string NotFoundCode(string parameter) => s_notFound.GetValueOrDefault(parameter, "not-found");

    public static JsonArray OfPath(string path) =>
    [
        .. path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')).Select(name => new JsonObject
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = name switch
            {
                "tenantId" => FieldRule.Text(TextRule.TenantId),
                "subject" => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Grammar.MaxSubject },
                _ => new JsonObject { ["type"] = "string", ["pattern"] = AnyId },
            },
        }),
    ];

    public static JsonObject OfQuery(string name)
    {
        var (text, schema) = s_query.GetValueOrDefault(name, ("", FieldRule.Plain));
        return new JsonObject { ["name"] = name, ["in"] = "query", ["required"] = false, ["description"] = text, ["schema"] = schema() };
    }

    private static JsonObject Whole(int min, int max, int usual) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max, ["default"] = usual };
}
