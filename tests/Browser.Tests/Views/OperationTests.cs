using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Views;

/// <summary>Agents, queues, alerts, and what belongs to a tenant beside its runs.</summary>
public sealed class OperationTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserFact]
    public async Task Agents_WithTheirSlots_AreDrainedAndQuarantined()
    {
        var tenant = await stage.TenantAsync();
        var agent = await stage.AgentAsync(tenant, 4);
        await stage.SubmitAsync(tenant, "nightly");
        await agent.ClaimOneAsync();
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/agents");
        var card = visit.Page.GetByRole(AriaRole.Article);
        Assert.Equal("1 of 4", await card.GetByRole(AriaRole.Meter, new() { Name = "Slots taken", Exact = true }).GetAttributeAsync("aria-valuetext"));

        await visit.DoAsync(card.GetByRole(AriaRole.Button, new() { Name = "Drain" }), "Drain");
        await Visit.Reads(card, "draining");
        await visit.DoAsync(card.GetByRole(AriaRole.Button, new() { Name = "Undrain" }), "Undrain");
        await visit.DoAsync(card.GetByRole(AriaRole.Button, new() { Name = "Quarantine" }), "Quarantine", "disk errors");
        await Visit.Reads(card, "disk errors");
        await visit.PictureAsync("agents");
        await visit.DoAsync(card.GetByRole(AriaRole.Button, new() { Name = "Release" }), "Release");
        await Visit.Sees(card.GetByRole(AriaRole.Button, new() { Name = "Drain" }));
        Assert.Equal("active", (string?)(await stage.Client.ReadAsync($"/agents/{agent.Id}")).Body!["state"]);

        await visit.GoAsync("agents");
        await Visit.Sees(visit.Page.GetByRole(AriaRole.Article).Filter(new() { HasText = tenant }));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Queues_WithTasksThatWait_AreDrawn()
    {
        var tenant = await stage.TenantAsync();
        await stage.SubmitAsync(tenant, "waits");
        await using var visit = await stage.SignedInAsync(place: "queues");

        await Visit.Sees(visit.Row(tenant));
        await Visit.Sees(visit.Page.Locator(".chart canvas").First);
        await visit.PictureAsync("queues");
        Assert.Empty(await visit.BarriersAsync());
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Alerts_WithTheirRunbooks_AreSilenced()
    {
        await using var visit = await stage.SignedInAsync(place: "alerts");
        var alert = visit.Page.Locator("details").Filter(new() { HasText = "Start queue is deep" });
        await alert.Locator("summary").ClickAsync();

        await Visit.Sees(alert.GetByRole(AriaRole.Heading, new() { Name = "How to fix" }));
        await visit.PictureAsync("alerts");
        await visit.DoAsync(alert.GetByRole(AriaRole.Button, new() { Name = "Silence" }), "Silence");
        await Visit.Reads(alert, "silenced");
        await visit.DoAsync(alert.GetByRole(AriaRole.Button, new() { Name = "End the silence" }), "End the silence");
        await Visit.Sees(alert.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }));
        Assert.Empty(await visit.BarriersAsync());
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Resources_HeldAndReleased_LetTasksGo()
    {
        var tenant = await stage.TenantAsync();
        var task = Bodies.Task("one");
        task["resources"] = new JsonArray("main");
        await stage.SubmitAsync(tenant, "nightly", task);
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", "{}")).Done;
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/resources");

        await visit.DoAsync(visit.Row("main").GetByRole(AriaRole.Button, new() { Name = "Hold" }), "Hold", "the disk is full");
        await Visit.Reads(visit.Row("main"), "the disk is full");
        await visit.PictureAsync("resources");
        await visit.GoAsync("tenants");
        await Visit.Reads(visit.Row(tenant), "resource held");
        await visit.DoAsync(visit.Row(tenant).GetByRole(AriaRole.Button, new() { Name = "Release" }), "Release");

        await Visit.IsGone(visit.Row(tenant).GetByText("resource held"));
        Assert.NotEqual("held", (string?)(await stage.Client.ReadAsync($"/tenants/{tenant}/resources")).Body!["items"]![0]!["state"]);
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task DeadLetters_Many_AreTriedDryFirst()
    {
        var tenant = await stage.TenantAsync();
        var agent = await stage.AgentAsync(tenant);
        for (var i = 0; i < 3; i++)
        {
            var run = await stage.SubmitAsync(tenant, $"run {i}", Bodies.Task("one", maxRetries: 0));
            _ = (await agent.ReportAsync(await agent.ClaimOneAsync(), "failure", "no route to host")).Done;
            await stage.Client.EndAsync(tenant, run);
        }

        await using var visit = await stage.SignedInAsync((await stage.KeyAsync(tenant, "developer")).Key, $"tenants/{tenant}/dead-letters");
        await Visit.Sees(visit.Row("no route to host").First);
        await visit.Row("no route to host").First.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Visit.IsGone(visit.Dialog);
        await visit.Button("Replay many…").ClickAsync();
        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "See what matches" }).ClickAsync();
        await Visit.Reads(visit.Dialog, "2 dead letters match");
        await visit.PictureAsync("redrive");
        Assert.Equal(3, (await stage.Client.ReadAsync($"/tenants/{tenant}/runs")).Body!["items"]!.AsArray().Count);

        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Replay them" }).ClickAsync();

        await Visit.Reads(visit.Page.GetByRole(AriaRole.Main), "2 of 2 letters");
        await visit.HasNoComplaintsAsync();
    }

    /// <summary>However often it is pressed in one dialog, one run is what was meant.</summary>
    [BrowserFact]
    public async Task Schedule_RunNow_NamesItsIntent()
    {
        var tenant = await stage.TenantAsync();
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/schedules/nightly", new JsonObject { ["cron"] = "0 2 * * *", ["enabled"] = false, ["run"] = Bodies.OneTask() }.ToJsonString())).Message.EnsureSuccessStatusCode();
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/schedules");
        var lost = new List<string>();
        await visit.Page.RouteAsync(
            "**/trigger",
            async route =>
            {
                // The service has it, and its answer is lost.
                lost.Add(route.Request.Headers["idempotency-key"]);
                _ = await route.FetchAsync();
                await route.AbortAsync();
            },
            new() { Times = 1 });
        await visit.Row("nightly").GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        var confirm = visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Run now" });
        await confirm.ClickAsync();
        await Visit.Reads(visit.Dialog.GetByRole(AriaRole.Alert), "does not answer");

        await confirm.ClickAsync();

        await Visit.IsGone(visit.Dialog);
        Assert.Single(lost);
        Assert.Single((await stage.Client.ReadAsync($"/tenants/{tenant}/runs")).Body!["items"]!.AsArray());
        await visit.HasNoComplaintsAsync("net::ERR");
    }

    [BrowserFact]
    public async Task Audit_OfATenant_NamesWhoChangedWhat()
    {
        var tenant = await stage.TenantAsync();
        _ = (await stage.Client.PostAsync($"/tenants/{tenant}/pause", new JsonObject { ["reason"] = "stocktaking" })).Done;
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/audit");

        await Visit.Reads(visit.Row("tenant.paused"), "stocktaking");
        await visit.GoAsync($"tenants/{tenant}/members");
        await Visit.Sees(visit.Page.GetByText("No member yet."));
        await visit.HasNoComplaintsAsync();
    }

    /// <summary>With answers as the contract has them: a month of use can't be made in a test.</summary>
    [BrowserFact]
    public async Task UsageAndSchedules_AsTheContractHasThem_AreShown()
    {
        const string Day = """{"date":"2026-01-02","runs":{"accepted":40,"completed":38,"failed":2,"cancelled":0},"attempts":61,"agentSeconds":4000.5,"peakInFlight":3,"refusals":{},"shadowRefusals":0}""";
        const string Usage = """{"month":"2026-01","runs":{"accepted":120,"completed":100,"failed":12,"cancelled":3},"attempts":180,"agentSeconds":12345.6,"peakInFlight":5,"refusals":{"concurrency-limit":42},"shadowRefusals":7,"days":[""" + Day
            + """],"forecast":[{"code":"monthly-limit","used":120,"limit":500,"reachedOn":"2026-01-28"}]}""";
        const string Schedules = """
            {"items":[{"name":"nightly","cron":"0 2 * * *","everySeconds":null,"timeZone":"Europe/Berlin","jitterSeconds":0,"overlap":"skip","catchUp":"latest","enabled":true,
              "createdAt":"2026-01-01T00:00:00.000Z","nextFireAt":"2026-01-02T01:00:00.000Z","lastFire":{"at":"2026-01-01T01:00:00.000Z","outcome":"refused","code":"concurrency-limit"}}],"next":null}
            """;
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.VisitAsync();
        foreach (var (call, body) in new[] { ("usage", Usage), ("schedules", Schedules) })
            await visit.Page.RouteAsync(address => new Uri(address).AbsolutePath == $"/tenants/{tenant}/{call}", route => route.FulfillAsync(new() { ContentType = "application/json", Body = body }));
        await visit.OpenAsync($"tenants/{tenant}/usage");
        await visit.SignInAsync(stage.OperatorKey);

        await Visit.Reads(visit.Row("2026-01-02"), "1 h 06 m");
        await Visit.Reads(visit.Row("concurrency limit"), "42");
        await Visit.Reads(visit.Row("monthly limit"), "reached on 2026-01-28");
        Assert.Empty(await visit.BarriersAsync());
        await visit.GoAsync($"tenants/{tenant}/schedules");
        await Visit.Reads(visit.Row("nightly"), "Europe/Berlin");
        await Visit.Reads(visit.Row("nightly"), "refused");
        Assert.Empty(await visit.BarriersAsync());
        await visit.HasNoComplaintsAsync();
    }
}
