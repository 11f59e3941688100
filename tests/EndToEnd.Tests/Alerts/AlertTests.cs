using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Alerts;

public sealed class AlertTests
{
    private const string Held = "resource-held";
    private const string Resource = $"/tenants/{Ground.Tenant}/resources/main";

    [Fact]
    public async Task Alert_OfARealCondition_FiresIsToldOnceResolvesAndIsToldThat()
    {
        await using var ground = await AlertGround.StartAsync();
        await ground.PassAsync(1);
        Assert.Equal("ok", await ground.StateAsync(Held));

        _ = (await ground.Client.CallAsync("POST", $"{Resource}/hold", """{"reason":"test"}""")).Done;
        await ground.PassAsync(1);
        Assert.Equal("pending", await ground.StateAsync(Held));
        Assert.Empty(ground.Told);
        await ground.PassAsync(4);
        var firing = await ground.AlertAsync(Held);
        Assert.Equal(("firing", 1.0, 0.0, true), ((string)firing["state"]!, (double)firing["value"]!, (double)firing["threshold"]!, (bool)firing["isFiring"]!));
        Assert.Equal("docs/runbooks/resource-held.md", (string)firing["runbook"]!);
        await ground.PassAsync(2);

        _ = (await ground.Client.CallAsync("POST", $"{Resource}/release", "{}")).Done;
        await ground.PassAsync(3);
        Assert.Equal("resolved", await ground.StateAsync(Held));
        await ground.PassAsync(6);
        Assert.Equal("ok", await ground.StateAsync(Held));
        Assert.Equal([$"alert.firing {Held}", $"alert.resolved {Held}"], ground.Told);
    }

    [Fact]
    public async Task Alerts_EveryRule_IsListedAndWhatTheAppCannotMeasureSaysSo()
    {
        await using var ground = await AlertGround.StartAsync();
        await ground.PassAsync(0.25);

        var alerts = await ground.AlertsAsync();

        var rules = alerts["rules"]!.AsArray();
        Assert.Equal(25, rules.Count);
        Assert.All(rules, rule => Assert.Equal(rule!["notMeasured"] is null ? "ok" : "not-measured", (string)rule["state"]!));
        Assert.Equal("unavailable log-cap-reached", string.Join(' ', rules.Where(rule => (string)rule!["state"]! == "not-measured").Select(rule => (string)rule!["id"]!)));
        // A gauge is measured; a share of no requests is not.
        Assert.Equal(0, (double)rules.Single(rule => (string)rule!["id"]! == "agents-offline")!["value"]!);
        Assert.Null(rules.Single(rule => (string)rule!["id"]! == "retry-rate-high")!["value"]);
        var receiver = Assert.Single(alerts["receivers"]!.AsArray())!;
        Assert.Equal(("oncall", ground.Hook.Address.Authority, 0), ((string)receiver["name"]!, (string)receiver["host"]!, (int)receiver["pending"]!));
    }

    [Fact]
    public async Task Silence_WhileItFires_TellsNobodyUntilItEnds()
    {
        await using var ground = await AlertGround.StartAsync();
        var until = ground.Clock.GetUtcNow().AddMinutes(8);
        var silenced = (await ground.Client.CallAsync("POST", $"/alerts/{Held}/silence", $$"""{"until":"{{until:O}}"}""")).Done;
        Assert.Equal("silenced", (string)silenced["state"]!);
        Assert.Equal(until, silenced["silencedUntil"].Time());
        _ = (await ground.Client.CallAsync("POST", $"{Resource}/hold", """{"reason":"test"}""")).Done;

        await ground.PassAsync(6);
        var alert = await ground.AlertAsync(Held);
        Assert.Equal(("silenced", true), ((string)alert["state"]!, (bool)alert["isFiring"]!));
        Assert.Empty(ground.Told);
        await ground.PassAsync(3);

        Assert.Equal([$"alert.firing {Held}"], ground.Told);
        Assert.Equal("firing", await ground.StateAsync(Held));
    }

    [Fact]
    public async Task Silence_EndedByHand_IsAudited()
    {
        await using var ground = await AlertGround.StartAsync();
        var until = ground.Clock.GetUtcNow().AddDays(1);
        _ = (await ground.Client.CallAsync("POST", $"/alerts/{Held}/silence", $$"""{"until":"{{until:O}}"}""")).Done;
        Assert.Equal("silenced", await ground.StateAsync(Held));

        _ = (await ground.Client.CallAsync("POST", $"/alerts/{Held}/silence", """{"until":null}""")).Done;

        Assert.Equal("ok", await ground.StateAsync(Held));
        Assert.Null((await ground.AlertAsync(Held))["silencedBy"]);
    }

    [Theory]
    [InlineData(Held, "{}", 400, "invalid-request")]
    [InlineData(Held, """{"until":"2029-12-31T00:00:00Z"}""", 400, "invalid-request")]
    [InlineData(Held, """{"until":"2030-03-01T00:00:00Z"}""", 400, "invalid-request")]
    [InlineData(Held, """{"until":"tomorrow"}""", 400, "invalid-request")]
    [InlineData(Held, """{"untill":null,"until":null}""", 400, "invalid-request")]
    [InlineData("no-such-rule", """{"until":null}""", 404, "alert-not-found")]
    [InlineData("unavailable", """{"until":null}""", 409, "not-measured")]
    public async Task Silence_BadInput_IsRefused(string id, string body, int status, string code)
    {
        await using var ground = await AlertGround.StartAsync();

        Refused.With(status, code, await ground.Client.CallAsync("POST", $"/alerts/{id}/silence", body));
    }

    [Fact]
    public async Task Webhook_AnsweringErrorsForAnHour_IsShownAndGetsEachMessageOnceInOrderWhenItIsBack()
    {
        await using var ground = await AlertGround.StartAsync();
        ground.Hook.Answer = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        _ = (await ground.Client.CallAsync("POST", $"{Resource}/hold", """{"reason":"test"}""")).Done;
        await ground.PassAsync(6);
        _ = (await ground.Client.CallAsync("POST", $"{Resource}/release", "{}")).Done;
        await ground.PassAsync(54);

        var receiver = (await ground.AlertsAsync())["receivers"]![0]!;
        Assert.Equal((2, "answered 500", 0), ((int)receiver["pending"]!, (string)receiver["lastProblem"]!, (int)receiver["dropped"]!));
        // Backoff: 15 s, doubling to half an hour.
        Assert.InRange((int)receiver["failures"]!, 5, 12);
        Assert.Equal((int)receiver["failures"]!, ground.Hook.Received.Count);
        Assert.Single(ground.Hook.Received.Select(call => call.Headers["webhook-id"]).Distinct());

        ground.Hook.Answer = _ => Task.CompletedTask;
        var failed = ground.Hook.Received.Count;
        await ground.PassAsync(35);

        Assert.Equal([$"alert.firing {Held}", $"alert.resolved {Held}"], ground.Told.Skip(failed));
        receiver = (await ground.AlertsAsync())["receivers"]![0]!;
        Assert.Equal((0, 0), ((int)receiver["pending"]!, (int)receiver["failures"]!));
        Assert.Null(receiver["lastProblem"]);
    }

    [Fact]
    public async Task Alert_FiringWhenTheServiceIsKilled_StillFiresAfterAndIsNotToldAgain()
    {
        using var folder = new TempFolder();
        await using var hook = await WebhookReceiver.StartAsync();
        var environment = AlertGround.Receiver(hook).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!, StringComparer.Ordinal);
        environment["Maintenance"] = "* * * * * *";
        string since;
        await using (var service = await ServiceProcess.StartAsync(folder.Path, environment: environment))
        {
            using var client = service.NewClient();
            await client.CreateTenantAsync(Ground.Tenant, "pro");
            var agent = await Agent.RegisterAsync(client, key => HttpCalls.NewClient(service.Address, key), "agent");
            await client.SubmitAsync(Ground.Tenant);
            var task = await agent.ClaimOneAsync();
            var result = Agent.Result(task, "failure", "denied");
            result["errorCategory"] = "auth";
            _ = (await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result)).Done;
            since = await FiringAsync(client, alert => (string)alert["state"]! == "firing");
            await UntilAsync(async () => (int)(await client.ReadAsync("/alerts")).Done["receivers"]![0]!["pending"]! == 0 && hook.Received.Count > 0);
            await service.KillAsync();
        }

        await using (var service = await ServiceProcess.StartAsync(folder.Path, environment: environment))
        {
            using var client = service.NewClient();
            // Several rounds of the new process.
            var first = await EvaluatedAtAsync(client);
            await UntilAsync(async () => await EvaluatedAtAsync(client) > first?.AddSeconds(3));
            Assert.Equal(since, await FiringAsync(client, _ => true));
        }

        Assert.Single(hook.Received);
        Assert.Contains("alert.firing", hook.Received[0].Body, StringComparison.Ordinal);
    }

    private static async Task<DateTimeOffset?> EvaluatedAtAsync(HttpClient client) => (DateTimeOffset?)(await client.ReadAsync("/alerts")).Done["evaluatedAt"];

    private static async Task<string> FiringAsync(HttpClient client, Func<JsonNode, bool> isWanted)
    {
        JsonNode alert = new JsonObject();
        await UntilAsync(async () => isWanted(alert = (await client.ReadAsync("/alerts")).Done["rules"]!.AsArray().Single(rule => (string)rule!["id"]! == "target-auth-failed")!));
        return $"{alert["state"]} since {alert["since"]}";
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
            await pause.WaitForNextTickAsync(limit.Token);
    }
}
