using System.Text.Json.Nodes;

namespace Headgate.LocalHost.Chaos;

/// <summary>An agent that works, fails, falls silent with tasks in its hands, and tells things twice.</summary>
internal sealed class ChaosAgent(ChaosVictim service, ChaosDice dice, string id, string key, string session)
{
    public const string Type = "chaos";

    private readonly List<JsonNode> _inHand = [];

    /// <summary>Whether it only works.</summary>
    public bool IsCalm { get; set; }

    /// <summary>One round of its life.</summary>
    public async Task StepAsync()
    {
        if (!IsCalm && dice.OneIn(40))
        {
            // Silent for longer than a lease, and with nothing in hand when it wakes.
            _inHand.Clear();
            await Task.Delay(TimeSpan.FromSeconds(dice.Between(1, 9)), TimeProvider.System);
            return;
        }

        await BeatAsync();
        var (status, answer) = await CallAsync($"/agents/{id}/tasks/claim", new JsonObject { ["max"] = 5, ["waitSeconds"] = 0 });
        if (status == 200)
            _inHand.AddRange(answer!["tasks"]!.AsArray().Select(task => task!));
        foreach (var task in _inHand.ToList())
            await ReportAsync(task);
    }

    private async Task BeatAsync()
    {
        var running = _inHand.Select(task => (JsonNode)new JsonObject { ["taskId"] = (string)task["taskId"]!, ["attempt"] = (int)task["attempt"]! });
        var (status, answer) = await CallAsync($"/agents/{id}/heartbeat", new JsonObject
        {
            ["version"] = "1",
            ["os"] = "linux",
            ["uptimeSeconds"] = 1,
            ["disks"] = new JsonArray(),
            ["running"] = new JsonArray([.. running]),
        });
        if (status == 200)
            _inHand.RemoveAll(task => answer!["lost"]!.AsArray().Any(lost => (string)lost! == (string)task["taskId"]!));
    }

    private async Task ReportAsync(JsonNode task)
    {
        // Some are still at work.
        if (!IsCalm && dice.OneIn(3))
            return;
        var fails = !IsCalm && dice.OneIn(6);
        var result = new JsonObject
        {
            ["taskId"] = (string)task["taskId"]!,
            ["attempt"] = (int)task["attempt"]!,
            ["status"] = fails ? "failure" : "success",
            ["durationSeconds"] = 1,
        };
        if (fails)
            result["errorCategory"] = "network";
        var (status, _) = await CallAsync($"/agents/{id}/task-results", result);
        if (status is 200 && dice.OneIn(5))
            await CallAsync($"/agents/{id}/task-results", result.DeepClone());
        if (status is 200 or 404 or 409)
            _inHand.Remove(task);
    }

    private Task<(int Status, JsonNode? Body)> CallAsync(string path, JsonNode body) => service.CallAsync("POST", path, body, key, session: session);
}
