using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>
/// Fails, and asks for work all the time. However the clock is set, no retry comes early, and none later than the longest backoff of its policy and a
/// round of maintenance, once more for each time that the clock was set back. An attempt it holds stays its own.
/// </summary>
internal sealed class Retrier(World world, ClockHands hands, OwnAgent agent, TimeSpan longest, Chance chance) : IActor
{
    /// <summary>Rounds come every 15 s, and at most half a minute passes between two looks of this actor.</summary>
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(60);

    private string? _open;
    private JsonNode? _held;
    private TimeSpan _since;
    private int _setsBack;
    private TimeSpan? _delay;
    private int _names;

    public static async Task<Retrier> CreateAsync(World world, ClockHands hands)
    {
        await world.WantAsync("POST", "/tenants", """{"id":"retry","name":"retry","plan":"enterprise"}""");
        var (least, most) = world.Chance.Of((5, 5), (5, 40), (30, 60), (60, 60));
        await world.WantAsync("PUT", "/tenants/retry/policies/slow", $$"""{"maxRetries":20,"baseSeconds":{{least}},"maxSeconds":{{most}},"jitter":{{world.Chance.Of("0", "0.5")}},"factor":2}""");
        return new Retrier(world, hands, await OwnAgent.CreateAsync(world, "retry"), TimeSpan.FromSeconds(most), world.Chance.Fork());
    }

    public async Task StepAsync()
    {
        if (_held is not null)
            await HoldAsync(_held);
        else
            await ClaimAsync();
    }

    public async Task EndAsync()
    {
        if (_held is not null)
            await agent.ReportAsync(_held, "success");
        _held = null;
        await LeaveAsync();
    }

    // Nothing of it may be handed out in the next one's place.
    private async Task LeaveAsync()
    {
        if (_open is not null)
            await world.Operator.SendAsync("POST", $"/tenants/retry/runs/{_open}/cancel");
        _open = null;
    }

    private async Task ClaimAsync()
    {
        if (_open is null)
        {
            var reply = await world.WantAsync("POST", "/tenants/retry/runs", new JsonObject { ["name"] = $"retry-{++_names}", ["tasks"] = new JsonArray(Bodies.Task("t0", "retry", policy: "slow")) }.ToJsonString());
            (_open, _delay) = ((string)reply["runId"]!, null);
            Begin();
        }

        var task = await agent.ClaimAsync();
        var waited = world.Elapsed() - _since;
        var setsBack = hands.SetsBack - _setsBack;
        world.Sightings.Holds(waited <= (longest + s_round) * (1 + setsBack), () => $"{_open} waits for {waited.TotalSeconds} s; the longest backoff is {longest.TotalSeconds} s, and the clock was set back {setsBack} times");
        if (task is null)
            return;
        world.Sightings.Holds(_delay is not { } delay || waited >= delay - TimeSpan.FromMilliseconds(2), () => $"{task["taskId"]} was handed out after {waited.TotalSeconds} s instead of {_delay!.Value.TotalSeconds} s");
        _held = task;
        Begin();
        if (!chance.OneIn(3))
            await FailAsync(task);
    }

    private async Task HoldAsync(JsonNode task)
    {
        var isMine = await agent.BeatAsync();
        world.Sightings.Holds(isMine, () => $"attempt {task["attempt"]} of {task["taskId"]} was taken from its agent after {(world.Elapsed() - _since).TotalSeconds} s");
        if (!isMine)
        {
            _held = null;
            await LeaveAsync();
            return;
        }

        if (chance.OneIn(3))
            await FailAsync(task);
    }

    private async Task FailAsync(JsonNode task)
    {
        _held = null;
        var reply = await agent.ReportAsync(task, chance.OneIn(6) ? "success" : "failure");
        var outcome = (string?)reply.Body!["outcome"];
        if (!world.Sightings.Holds(outcome is not null, () => $"the result of {task["taskId"]} was answered {reply.Body.ToJsonString()}"))
            return;
        if (outcome != "retry")
        {
            await LeaveAsync();
            return;
        }

        _delay = (DateTimeOffset)reply.Body["nextRetryAt"]! - hands.Now;
        world.Sightings.Holds(_delay <= longest + TimeSpan.FromMilliseconds(2), () => $"a backoff of {_delay!.Value.TotalSeconds} s; the longest is {longest.TotalSeconds} s");
        Begin();
    }

    private void Begin()
    {
        _since = world.Elapsed();
        _setsBack = hands.SetsBack;
    }
}
