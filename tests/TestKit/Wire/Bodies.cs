using System.Text.Json.Nodes;

namespace Headgate.TestKit.Wire;

/// <summary>Request bodies.</summary>
public static class Bodies
{
    public static JsonObject OneTask(string name = "one") => Run(Task(name));

    public static JsonObject Run(params JsonNode[] tasks) => new() { ["name"] = "test", ["tasks"] = new JsonArray(tasks) };

    public static JsonObject Task(string name, string type = "noop", int? maxRetries = null, string? policy = null, params string[] needs)
    {
        var task = new JsonObject { ["name"] = name, ["type"] = type, ["needs"] = new JsonArray([.. needs.Select(need => JsonValue.Create(need))]) };
        if (maxRetries is not null)
            task["maxRetries"] = maxRetries;
        if (policy is not null)
            task["policy"] = policy;
        return task;
    }
}
