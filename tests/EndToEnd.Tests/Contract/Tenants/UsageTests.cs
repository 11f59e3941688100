using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class UsageTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Usage_OfRunsThatEnded_IsExactAndItsDaysAddUp()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        for (var i = 0; i < 3; i++)
            await ground.Client.SubmitAsync(tenant);
        var (good, bad) = (await agent.ClaimOneAsync(), await agent.ClaimOneAsync());
        await agent.OutcomeAsync(good);
        await agent.OutcomeAsync(bad, "failure", "permission denied");
        await ground.Client.EndAsync(tenant, (string)good["runId"]!);
        await ground.Client.EndAsync(tenant, (string)bad["runId"]!);

        var usage = await UsageAsync(tenant);

        Assert.Equal(["month", "runs", "attempts", "agentSeconds", "peakInFlight", "refusals", "shadowRefusals", "days", "forecast"], usage.Fields());
        Assert.Equal("""{"accepted":3,"completed":1,"failed":1,"cancelled":0}""", usage["runs"]!.ToJsonString());
        Assert.Equal((2, 3, 0), ((int)usage["attempts"]!, (int)usage["peakInFlight"]!, (int)usage["shadowRefusals"]!));
        Assert.True((double)usage["agentSeconds"]! >= 0);
        Assert.Empty(usage["refusals"]!.AsObject());
        var days = usage["days"]!.AsArray();
        Assert.Equal(["date", "runs", "attempts", "agentSeconds", "peakInFlight", "refusals", "shadowRefusals"], days[0].Fields());
        Assert.Equal(3, days.Sum(day => (int)day!["runs"]!["accepted"]!));
        Assert.Equal(2, days.Sum(day => (int)day!["attempts"]!));
        Assert.Equal(["monthly-limit"], usage["forecast"]!.AsArray().Select(limit => (string)limit!["code"]!));
    }

    [SuiteFact]
    public async Task Usage_AsATable_HasALineForEachDay()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.SubmitAsync(tenant);
        var usage = await UsageAsync(tenant);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tenants/{tenant}/usage") { Headers = { { "Accept", "text/csv" } } };

        using var answer = await ground.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "text/csv; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("date,accepted,completed,failed,cancelled,attempts,agentSeconds,peakInFlight,shadowRefusals,refusals", lines[0]);
        Assert.Equal(usage["days"]!.AsArray().Select(day => (string)day!["date"]!), lines[1..^1].Select(line => line.Split(',')[0]));
        Assert.Equal(1, lines[1..^1].Sum(line => int.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
        Assert.Empty(lines[^1]);
    }

    [SuiteFact]
    public async Task Usage_OfRefusals_CountsThemByCode()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxConcurrentRuns":1,"shadow":{"maxConcurrentRuns":0}}""");
        await ground.Client.SubmitAsync(tenant);
        Refused.With(429, "concurrency-limit", await ground.Client.SubmitAsync(tenant));
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");
        Refused.With(503, "tenant-paused", await ground.Client.SubmitAsync(tenant));

        var usage = await Again.UntilAsync(() => UsageAsync(tenant), seen => seen["refusals"]!.AsObject().Count == 2);

        Assert.Equal("""{"concurrency-limit":1,"tenant-paused":1}""", usage["refusals"]!.ToJsonString());
        Assert.Equal(1, (int)usage["shadowRefusals"]!);
    }

    [SuiteFact]
    public async Task Budget_OfRuns_WarnsAndThenRefuses()
    {
        var tenant = await ground.TenantAsync(limits: """{"budget":{"runs":5}}""");
        var replies = new List<Reply>();
        for (var i = 0; i < 6; i++)
            replies.Add(await ground.Client.SubmitAsync(tenant));

        Assert.All(replies[..5], reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Equal([null, null, null, "budget-runs;used=4;limit=5", "budget-runs;used=5;limit=5"], replies[..5].Select(reply => reply.Header("Headgate-Warning")));
        Refused.Exactly(
            429,
            """{"error":"Budget reached","code":"budget-reached","reason":"Budget of this month reached (5 runs).","budget":"budget-runs","currentUsage":5,"limit":5,"plan":"enterprise"}""",
            replies[5]);
        Assert.InRange(int.Parse(replies[5].Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 31 * 86_400);
        var view = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!;
        Assert.Equal("""[{"code":"budget-runs","used":5,"limit":5}]""", view["warnings"]!.ToJsonString());
        Assert.Equal("""{"runs":5,"agentSeconds":null}""", view["limits"]!["budget"]!.ToJsonString());
        var forecast = (await UsageAsync(tenant))["forecast"]!.AsArray().Single(limit => (string)limit!["code"]! == "budget-runs")!;
        Assert.NotNull(forecast["reachedOn"]);

        var changed = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"budget":null}}""");

        Assert.Null(changed.Body!["limits"]!["budget"]);
        Assert.Equal(HttpStatusCode.Accepted, (await ground.Client.SubmitAsync(tenant)).Status);
    }

    [SuiteFact]
    public async Task Usage_OfAnotherMonth_HasNothingAndNoForecast()
    {
        var tenant = await ground.TenantAsync();

        var usage = (await ground.Client.ReadAsync($"/tenants/{tenant}/usage?month=2001-02")).Body!;

        Assert.Equal("2001-02", (string?)usage["month"]);
        Assert.Empty(usage["days"]!.AsArray());
        Assert.Null(usage["forecast"]);
    }

    [SuiteTheory]
    [InlineData("month=2026-13", "month")]
    [InlineData("month=2026", "month")]
    [InlineData("month=", "month")]
    [InlineData("month=2026-01&month=2026-02", "month")]
    [InlineData("months=2026-01", "months")]
    public async Task Usage_BadQuery_IsNamed(string query, string path)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.ReadAsync($"/tenants/{tenant}/usage?{query}"), path);
    }

    [SuiteFact]
    public async Task Usage_OfAnothersTenant_IsLikeAMissingOne()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        using var viewer = await ground.MemberAsync(mine, "viewer");

        Assert.Equal(HttpStatusCode.OK, (await viewer.ReadAsync($"/tenants/{mine}/usage")).Status);
        Refused.With(404, "tenant-not-found", await viewer.ReadAsync($"/tenants/{theirs}/usage"));
        Refused.With(404, "tenant-not-found", await ground.Client.ReadAsync("/tenants/none/usage"));
    }

    private async Task<JsonNode> UsageAsync(string tenant) => (await ground.Client.ReadAsync($"/tenants/{tenant}/usage")).Body!;
}
