using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Views;

/// <summary>The first page: who waits, what holds them, what to press.</summary>
public sealed class TenantsTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserFact]
    public async Task Tenants_OneAtItsCap_ShowsTheBarAndWhoWaits()
    {
        var tenant = await stage.TenantAsync("pro", """{"maxConcurrentRuns":2,"maxWaitingRuns":10}""");
        for (var i = 0; i < 3; i++)
            await stage.SubmitAsync(tenant, $"run {i}");
        await using var visit = await stage.SignedInAsync();
        var row = visit.Row(tenant);

        await Visit.Reads(row, "All 2 slots are taken");
        await Visit.Reads(row, "1 run of 10 that may queue");
        await Visit.Sees(row.GetByRole(AriaRole.Meter, new() { Name = $"Runs in flight of {tenant}" }));
        Assert.Equal("2 of 2", await row.GetByRole(AriaRole.Meter).GetAttributeAsync("aria-valuetext"));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Tenants_NoAgentForATask_SaysWhichAndLeadsToTheRun()
    {
        var tenant = await stage.TenantAsync();
        var run = await stage.SubmitAsync(tenant, "build", Bodies.Task("compile", "compile"));
        await using var visit = await stage.SignedInAsync();

        await Visit.Reads(visit.Row(tenant), "no agent");
        await visit.Row(tenant).GetByRole(AriaRole.Link, new() { Name = "look at a run" }).ClickAsync();

        await Visit.Sees(visit.Heading("build"));
        Assert.EndsWith(run, visit.Page.Url, StringComparison.Ordinal);
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Why it waits" }), "compile");
    }

    [BrowserFact]
    public async Task Tenants_OutsideTheLongestBacklogs_AreNotSaidToWaitForNothing()
    {
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.VisitAsync();
        var backlog = string.Join(',', Enumerable.Range(0, 20).Select(each => $$"""{"tenantId":"other-{{each}}","depth":9,"oldestAgeSeconds":1}"""));
        var queues = $$"""{"runs":{"depth":0,"scheduled":0,"deadLettered":0,"oldestAgeSeconds":0},"tasks":{"depth":180,"oldestAgeSeconds":1},"backlog":[{{backlog}}]}""";
        await visit.Page.RouteAsync("**/queues", route => route.FulfillAsync(new() { ContentType = "application/json", Body = queues }));
        await visit.OpenAsync();
        await visit.SignInAsync(stage.OperatorKey);

        await Visit.Reads(visit.Row(tenant), "not among the 20 longest");
        await Visit.Reads(visit.Row(tenant), "not looked into");
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Tenants_RefusedToday_SaysHowOften()
    {
        var tenant = await stage.TenantAsync("pro", """{"maxConcurrentRuns":1,"maxWaitingRuns":0}""");
        await stage.SubmitAsync(tenant, "first");
        Assert.Equal(429, (int)(await stage.Client.PostAsync($"/tenants/{tenant}/runs", Bodies.OneTask())).Status);
        await using var visit = await stage.SignedInAsync();

        await visit.Page.GetByLabel("Find a tenant").FillAsync(tenant);

        await Visit.Reads(visit.Row(tenant), "1 run refused today");
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task PauseAndResume_FromTheFirstPage_AreConfirmedAndDone()
    {
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.SignedInAsync();
        var row = visit.Row(tenant);

        await row.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Visit.Reads(visit.Dialog, "New runs are refused with 503");
        await visit.PictureAsync("confirm");
        Assert.Empty(await visit.BarriersAsync());
        await visit.Page.Keyboard.PressAsync("Escape");
        await Visit.IsGone(visit.Dialog);
        Assert.Equal("active", (string?)(await stage.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]);

        await visit.DoAsync(row.GetByRole(AriaRole.Button, new() { Name = "Pause" }), "Pause", "<b>night</b>");
        await Visit.Reads(row, "<b>night</b>");
        await visit.DoAsync(row.GetByRole(AriaRole.Button, new() { Name = "Resume" }), "Resume");
        await Visit.Sees(row.GetByRole(AriaRole.Button, new() { Name = "Pause" }));
        Assert.Equal("active", (string?)(await stage.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]);
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Action_ThatTheServiceRefuses_ShowsItsMessageAndCode()
    {
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.SignedInAsync();
        await visit.Row(tenant).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        _ = (await stage.Client.PostAsync($"/tenants/{tenant}/pause")).Done;

        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();

        await Visit.Reads(visit.Dialog.GetByRole(AriaRole.Alert), "already-paused");
        await visit.HasNoComplaintsAsync("409");
    }

    [BrowserFact]
    public async Task Keyboard_SlashEscapeAndSkipLink_Work()
    {
        var (one, two) = (await stage.TenantAsync(), await stage.TenantAsync());
        await using var visit = await stage.SignedInAsync();
        await Visit.Sees(visit.Row(one));

        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.TypeAsync(two);
        await Visit.IsGone(visit.Page.GetByRole(AriaRole.Link, new() { Name = one, Exact = true }));
        await visit.Page.Keyboard.PressAsync("Escape");
        await Visit.Sees(visit.Row(one).First);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
    }
}
