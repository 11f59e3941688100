using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

internal static class RunKit
{
    public static JsonObject Pinned(string agentId)
    {
        var run = Bodies.OneTask();
        run["tasks"]![0]!["agent"] = agentId;
        return run;
    }

    /// <summary>A run of one task, with these fields on top.</summary>
    public static JsonObject With(string fields)
    {
        var run = Bodies.OneTask();
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            run["tasks"]![0]![name] = value?.DeepClone();
        return run;
    }

    public static JsonNode TaskOf(this JsonNode run, string name = "one") => run["tasks"]!.AsArray().Single(task => (string)task!["name"]! == name)!;
}
