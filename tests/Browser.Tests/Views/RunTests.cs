using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Views;

/// <summary>A tenant's runs, and one of them.</summary>
public sealed class RunTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserFact]
    public async Task Run_WhileItIsWorkedOn_MovesWithoutAReload()
    {
        var tenant = await stage.TenantAsync();
        var agent = await stage.AgentAsync(tenant);
        var run = await stage.SubmitAsync(tenant, "nightly", Bodies.Task("fetch"), Bodies.Task("pack", needs: "fetch"), Bodies.Task("send", needs: "pack"));
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/runs/{run}");
        await Visit.Sees(visit.Page.GetByText("live", new() { Exact = true }));
        await visit.Page.EvaluateAsync("globalThis.isSamePage = true");
        var graph = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Task graph", Exact = true });
        await Visit.Sees(graph.GetByRole(AriaRole.Button, new() { Name = "send waiting" }));

        var task = await agent.ClaimOneAsync();
        await Visit.Sees(graph.GetByRole(AriaRole.Button, new() { Name = "fetch assigned" }).Or(graph.GetByRole(AriaRole.Button, new() { Name = "fetch running" })));
        await visit.PictureAsync("run-live", isWhole: true);
        _ = (await agent.ReportAsync(task)).Done;
        for (var left = 2; left > 0; left--)
            _ = (await agent.ReportAsync(await agent.ClaimOneAsync())).Done;

        await Visit.Sees(graph.GetByRole(AriaRole.Button, new() { Name = "send completed" }));
        await Visit.Reads(visit.Heading("nightly"), "completed");
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Main), "3 of 3 tasks done");
        Assert.True(await visit.Page.EvaluateAsync<bool>("isSamePage"));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Run_InBackoff_ShowsTheCountdownAndTheAttempt()
    {
        var tenant = await stage.TenantAsync();
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/policies/slow", """{"baseSeconds":600,"maxSeconds":3600,"jitter":0}""")).Done;
        var agent = await stage.AgentAsync(tenant);
        var run = await stage.SubmitAsync(tenant, "flaky", Bodies.Task("call", policy: "slow"));
        _ = (await agent.ReportAsync(await agent.ClaimOneAsync(), "failure", "connection reset by peer")).Done;
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/runs/{run}");

        await Visit.Reads(visit.Row("call"), "its next retry in");
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Why it waits" }), "backoff");
        await visit.Row("call").GetByRole(AriaRole.Button).ClickAsync();
        var panel = visit.Page.GetByRole(AriaRole.Complementary, new() { Name = "The task that is chosen" });
        await Visit.Reads(panel, "connection reset by peer");
        Assert.EndsWith("/call", visit.Page.Url, StringComparison.Ordinal);
        await visit.PictureAsync("run-backoff", isWhole: true);
        Assert.Empty(await visit.BarriersAsync());
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Cancel_OfARun_IsConfirmedAndDone()
    {
        var tenant = await stage.TenantAsync();
        var run = await stage.SubmitAsync(tenant, "nightly");
        await using var visit = await stage.SignedInAsync((await stage.KeyAsync(tenant, "developer")).Key, $"tenants/{tenant}/runs/{run}");

        await visit.DoAsync(visit.Button("Cancel"), "Cancel the run");

        await Visit.Reads(visit.Heading("nightly"), "cancelled");
        await Visit.IsGone(visit.Button("Cancel"));
        Assert.Equal("cancelled", (string?)(await stage.Client.RunAsync(tenant, run))["status"]);
    }

    [BrowserFact]
    public async Task Text_OfTenants_StaysText()
    {
        const string Markup = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
        const string Turned = "safe\u202Etxt.exe\u2066\u0007";
        var tenant = await stage.TenantAsync(name: $"{Markup[..40]}");
        var agent = await stage.AgentAsync(tenant);
        var run = await stage.SubmitAsync(tenant, Markup, Bodies.Task("call", maxRetries: 0));
        var task = await agent.ClaimOneAsync();
        var result = Agent.Result(task, "failure", Markup + Turned);
        result["errorCategory"] = "permanent";
        result["log"] = $"\u001b[31m{Markup}\u001b[0m\n{Turned}";
        _ = (await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result)).Done;
        await stage.Client.EndAsync(tenant, run);
        await using var visit = await stage.SignedInAsync();

        await Visit.Sees(visit.Row(Markup[..40]));
        foreach (var place in new[] { $"tenants/{tenant}", $"tenants/{tenant}/dead-letters", $"tenants/{tenant}/runs/{run}/call" })
        {
            await visit.GoAsync(place);
            await Visit.Sees(visit.Page.GetByText("onerror").First);
            Assert.Equal(0, await visit.Page.Locator("main img, main script").CountAsync());
            Assert.NotEqual("run", await visit.Page.TitleAsync());
        }

        await visit.Page.GetByText("Log", new() { Exact = true }).ClickAsync();
        await Visit.Reads(visit.Page.Locator(".log"), "⟨U+001B⟩[31m");
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Complementary), "safe⟨U+202E⟩txt.exe⟨U+2066⟩⟨U+0007⟩");
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Runs_Thousands_AreFewRowsAndScroll()
    {
        const int Runs = 2000;
        var tenant = await stage.TenantAsync("enterprise", """{"maxConcurrentRuns":20000,"maxMonthlyRuns":100000}""");
        var oldest = await stage.SubmitAsync(tenant, "the oldest");
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (_, _) => _ = (await stage.Client.SubmitAsync(tenant)).Done);
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}");
        var table = visit.Page.GetByRole(AriaRole.Table, new() { Name = "Runs" });
        await Visit.Sees(table);
        var search = visit.Page.GetByLabel("Find a run by name or id");
        await search.FillAsync(oldest);
        await Visit.Sees(visit.Row("the oldest"));
        await search.FillAsync("");

        // Each page that comes makes the table longer, and the end of it asks for the next.
        await visit.Page.WaitForFunctionAsync("() => { scrollTo(0, document.body.scrollHeight); return Number(document.querySelector('table.virtual').getAttribute('aria-rowcount')) > 1500; }");

        Assert.InRange(await table.GetByRole(AriaRole.Row).CountAsync(), 10, 120);
        var newest = await stage.SubmitAsync(tenant, "the newest");
        await visit.Page.EvaluateAsync("scrollTo(0, 0)");
        await Visit.Sees(visit.Row("the newest"));
        Assert.NotEmpty(newest);

        await search.FillAsync("like none of them");
        await Visit.Sees(visit.Page.GetByText("None among the"));
        await visit.Page.WaitForFunctionAsync(
            """
            () => {
              [...document.querySelectorAll('button')].find((button) => button.textContent === 'Look further')?.click();
              return document.querySelector('.empty')?.textContent.includes('No run is like that.');
            }
            """);
        await search.FillAsync("the oldest");
        await Visit.Sees(visit.Row("the oldest"));
        await visit.HasNoComplaintsAsync();
    }
}
