using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Actors.Walls;

/// <summary>
/// Pauses a tenant until a time. While the clock has only shown less, nothing is admitted and nothing handed out; as long as it shows that or more, it is.
/// A pause that was over may be over for good where the clock is set back before its end.
/// </summary>
internal sealed class PausedTenant(World world, ClockHands hands, OwnAgent agent, Chance chance) : IActor
{
    private const string Path = "/tenants/paused";

    /// <summary>Within this, maintenance has looked twice and the longest hold has ended.</summary>
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromSeconds(90);

    private DateTimeOffset? _until;
    private int _pausedAt;
    private string? _open;
    private (TimeSpan Since, int Sets)? _idle;
    private int _names;

    public static async Task<PausedTenant> CreateAsync(World world, ClockHands hands)
    {
        await world.WantAsync("POST", "/tenants", """{"id":"paused","name":"paused","plan":"enterprise"}""");
        return new PausedTenant(world, hands, await OwnAgent.CreateAsync(world, "paused"), world.Chance.Fork());
    }

    private bool IsPaused => _until is { } until && hands.HighestSince(_pausedAt) < until;

    private bool IsActive => !(hands.Now < _until);

    public async Task StepAsync()
    {
        var status = (string?)(await world.Operator.GetAsync(Path))?.Body!["status"];
        world.Sightings.Holds(status == "paused" ? !IsActive : status == "active" && !IsPaused, () => $"the tenant is {status} at {hands.Now:O}; it is paused until {_until:O}");
        switch (chance.Between(1, 8))
        {
            case 1 when IsActive:
                await PauseAsync();
                break;
            case 2 when IsPaused:
                await world.WantAsync("POST", $"{Path}/resume", "{}");
                _until = null;
                break;
            default:
                await WorkAsync();
                break;
        }
    }

    public async Task EndAsync()
    {
        if (_open is not null)
            await world.Operator.SendAsync("POST", $"{Path}/runs/{_open}/cancel");
        _open = null;
    }

    private async Task PauseAsync()
    {
        (_until, _pausedAt) = (Whole(hands.Now + TimeSpan.FromSeconds(chance.Of(30, 600, 3600, 86_400, 2 * 86_400))), hands.Visit);
        await world.WantAsync("POST", $"{Path}/pause", new JsonObject { ["until"] = $"{_until:yyyy-MM-ddTHH:mm:ss.fffZ}" }.ToJsonString());
    }

    private async Task WorkAsync()
    {
        if (_open is null)
            await SubmitAsync();
        var task = await agent.ClaimAsync();
        world.Sightings.Holds(task is null || !IsPaused, () => $"{task} was handed out at {hands.Now:O}, and its tenant is paused until {_until:O}");
        if (task is not null)
        {
            await agent.ReportAsync(task, "success");
            _open = null;
        }

        // How long it has been active without a break, the clock not set meanwhile.
        if (_open is null || !IsActive || _idle?.Sets != hands.Sets)
            _idle = _open is null || !IsActive ? null : (world.Elapsed(), hands.Sets);
        world.Sightings.Holds(_idle is null || world.Elapsed() - _idle.Value.Since < s_longestIdle, () => $"{_open} of an active tenant is not handed out; its pause ended at {_until:O}, it is {hands.Now:O}");
    }

    private async Task SubmitAsync()
    {
        var reply = await world.Operator.SendAsync("POST", $"{Path}/runs", new JsonObject { ["name"] = $"paused-{++_names}", ["tasks"] = new JsonArray(Bodies.Task("t0", "paused")) });
        var isRight = reply is not null && (reply.Code == "tenant-paused" ? !IsActive : reply.Status == HttpStatusCode.Accepted && !IsPaused);
        world.Sightings.Holds(isRight, () => $"at {hands.Now:O}, paused until {_until:O}, a submission was answered {reply?.Body?.ToJsonString()}");
        if (reply?.Status == HttpStatusCode.Accepted)
            _open = reply.RunId;
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.Ticks - (at.Ticks % TimeSpan.TicksPerMillisecond), at.Offset);
}
