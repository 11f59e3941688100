using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Clock;

/// <summary>Schedules that come, on a clock in hand. It starts at 2030-01-01T00:00:00Z.</summary>
public class ScheduleTests
{
    private const string Run = """{"name":"nightly","tasks":[{"name":"one","type":"never"}]}""";

    [Fact]
    public async Task Schedule_ComesDue_SubmitsItsRunAndShowsIt()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/schedules/s", $$"""{"cron":"0 3 * * *","timeZone":"Europe/Berlin","run":{{Run}}}""");

        clock.Advance(TimeSpan.FromHours(2));
        var schedule = await UntilFiredAsync(ground, clock, "2030-01-01T02:00:00.000Z");

        var run = await ground.Client.RunAsync(Ground.Tenant, (string)schedule["lastFire"]!["runId"]!);
        Assert.Equal(("admitted", null, "2030-01-02T02:00:00.000Z"), ((string?)schedule["lastFire"]!["outcome"], (string?)schedule["lastFire"]!["code"], (string?)schedule["nextFireAt"]));
        Assert.Equal(("nightly", "s"), ((string?)run["name"], (string?)run["schedule"]));
        Assert.Contains(
            (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}/audit")).Body!["items"]!.AsArray(),
            item => (string)item!["actor"]! == "schedule:s" && (string)item["action"]! == "run.submitted" && (string)item["target"]! == (string)run["runId"]!);
    }

    [Fact]
    public async Task Schedule_WhilePaused_ShowsTheRefusal()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/schedules/s", $$"""{"everySeconds":3600,"run":{{Run}}}""");
        await ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/pause");

        clock.Advance(TimeSpan.FromHours(1));
        var schedule = await UntilFiredAsync(ground, clock, "2030-01-01T01:00:00.000Z");

        Assert.Equal(("refused", "tenant-paused", null), ((string?)schedule["lastFire"]!["outcome"], (string?)schedule["lastFire"]!["code"], (string?)schedule["lastFire"]!["runId"]));
    }

    [Fact]
    public async Task Limits_PastTheirEnd_AreThePlansAtThatInstant()
    {
        var clock = new ManualClock();
        await using var ground = await Ground.StartAsync(clock);
        await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxConcurrentRuns":0,"maxSchedules":0,"until":"2030-01-01T01:00:00Z"}}""");
        var before = (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Body!["limits"]!;
        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Refused.With(429, "concurrency-limit", await ground.Client.SubmitAsync(Ground.Tenant));
        Refused.With(409, "schedule-limit", await ground.Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/schedules/s", $$"""{"everySeconds":86400,"run":{{Run}}}"""));

        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(202, (int)(await ground.Client.SubmitAsync(Ground.Tenant)).Status);
        Assert.Equal(201, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{Ground.Tenant}/schedules/s", $$"""{"everySeconds":86400,"run":{{Run}}}""")).Status);
        var after = (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}")).Body!["limits"]!;
        Assert.Equal((0, "2030-01-01T01:00:00.000Z"), ((int)before["maxConcurrentRuns"]!, (string?)before["until"]));
        Assert.NotEqual(0, (int)after["maxConcurrentRuns"]!);
        Assert.Null(after["until"]);
        // What is changed now does not bring back what has ended.
        var changed = (await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxMembers":2}}""")).Body!["limits"]!;
        Assert.Equal((2, (int)after["maxConcurrentRuns"]!, null), ((int)changed["maxMembers"]!, (int)changed["maxConcurrentRuns"]!, (string?)changed["until"]));
        Refused.At(await ground.Client.CallAsync("PATCH", $"/tenants/{Ground.Tenant}", """{"limits":{"maxMembers":3,"until":"2030-01-01T01:00:00Z"}}"""), "limits.until");
    }

    private static async Task<JsonNode> UntilFiredAsync(Ground ground, ManualClock clock, string at)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            // A round may begin a moment after its timer was due.
            clock.Advance(TimeSpan.FromSeconds(1));
            var schedule = (await ground.Client.ReadAsync($"/tenants/{Ground.Tenant}/schedules/s")).Body!;
            if (schedule["lastFire"] is { } last)
            {
                Assert.Equal(at, (string?)last["at"]);
                return schedule;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
