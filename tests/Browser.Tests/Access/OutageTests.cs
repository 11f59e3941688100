using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Access;

/// <summary>The service goes away and comes back while somebody looks, or answers what no view expects.</summary>
public sealed class OutageTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserFact]
    public async Task Restart_WhileAViewIsOpen_IsToldAndOverByItself()
    {
        using var port = ReservedPort.Take();
        using var folder = new TempFolder();
        await using var first = await ServiceProcess.StartAsync(folder.Path, port.Number, Stage.Patient);
        using var client = first.NewClient();
        await client.CreateTenantAsync("acme");
        var run = (await client.SubmitAsync("acme")).RunId;
        await using var visit = await stage.VisitAsync(address: first.Address);
        await visit.OpenAsync("tenants/acme");
        await visit.SignInAsync((await File.ReadAllTextAsync(folder["operator.key"])).Trim());
        await visit.GoAsync($"tenants/acme/runs/{run}");
        await Visit.Sees(visit.Heading("test"));
        await visit.GoAsync("tenants/acme");
        await Visit.Sees(visit.Page.GetByText("live", new() { Exact = true }));
        await visit.Page.EvaluateAsync("globalThis.isSamePage = true");

        await first.KillAsync();

        await Visit.Sees(visit.Page.GetByText("Reconnecting."));
        await Visit.Sees(visit.Row("test"));
        await visit.PictureAsync("reconnecting");
        await visit.GoAsync($"tenants/acme/runs/{run}");
        await Visit.Sees(visit.Heading("test"));
        await visit.GoAsync("tenants/acme");
        await using var second = await ServiceProcess.StartAsync(folder.Path, port.Number, Stage.Patient);
        await Visit.IsGone(visit.Page.GetByText("Reconnecting."));
        var late = Bodies.OneTask();
        late["name"] = "after the restart";
        _ = (await client.SubmitAsync("acme", late)).Done;
        await Visit.Sees(visit.Row("after the restart"));
        await visit.HasStreamsAsync(1);
        Assert.True(await visit.Page.EvaluateAsync<bool>("isSamePage"));
        await visit.HasNoComplaintsAsync("net::ERR");
    }

    [BrowserFact]
    public async Task Events_HeldBackOnTheWay_AreAskedForInstead()
    {
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.VisitAsync();
        await visit.Page.RouteAsync("**/events", route => route.FulfillAsync(new() { Status = 200, ContentType = "text/html", Body = "a proxy's own page" }));
        await visit.OpenAsync($"tenants/{tenant}");
        await visit.SignInAsync(stage.OperatorKey);
        await Visit.Sees(visit.Page.GetByText("every 2 s"));

        await stage.SubmitAsync(tenant, "nightly");

        await Visit.Sees(visit.Row("nightly"));
        await visit.HasNoComplaintsAsync();
    }

    /// <summary>Six tabs would else hold all the connections that a browser opens.</summary>
    [BrowserFact]
    public async Task Tab_InTheBackground_HoldsNoStream()
    {
        var tenant = await stage.TenantAsync();
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}");
        await Visit.Sees(visit.Page.GetByText("live", new() { Exact = true }));
        await visit.HasStreamsAsync(1);

        await visit.HideAsync(true);
        await visit.HasStreamsAsync(0);
        await stage.SubmitAsync(tenant, "meanwhile");
        await visit.HideAsync(false);

        await Visit.Sees(visit.Row("meanwhile"));
        await visit.HasStreamsAsync(1);
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Run_WhoseStreamFallsSilent_ShowsWhatIsRead()
    {
        var tenant = await stage.TenantAsync();
        var agent = await stage.AgentAsync(tenant);
        var run = await stage.SubmitAsync(tenant, "nightly", Bodies.Task("fetch"));
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/runs/{run}");
        var live = visit.Page.GetByText("live", new() { Exact = true });
        await Visit.Sees(live);
        await visit.Page.RouteAsync("**/events", route => route.FulfillAsync(new() { Status = 200, ContentType = "text/html", Body = "a proxy's own page" }));
        await visit.HideAsync(true);
        await visit.HideAsync(false);
        await Visit.IsGone(live);

        await agent.ClaimOneAsync();

        await Visit.Sees(visit.Row("fetch").Locator(".status.busy"));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task View_RefusedAfterAFirstAnswer_SaysSoAndHowOldItIs()
    {
        var tenant = await stage.TenantAsync();
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/main", "{}")).Done;
        await using var visit = await stage.SignedInAsync(place: $"tenants/{tenant}/resources");
        await Visit.Sees(visit.Row("main"));

        await visit.RefuseAsync($"**/tenants/{tenant}/resources*", 503, "store-unavailable");
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "store-unavailable");
        await Visit.Sees(visit.Page.GetByText("What follows is from"));
        await Visit.Sees(visit.Row("main"));

        await visit.RefuseAsync($"**/tenants/{tenant}", 404, "tenant-not-found");
        await Visit.IsGone(visit.Row("main"));
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "tenant-not-found");
        await visit.HasNoComplaintsAsync("503", "404");
    }

    /// <summary>A service that can't reach one of its stores is there all the same.</summary>
    [BrowserFact]
    public async Task Call_ThatIsLostOnce_IsNoOutage()
    {
        await using var visit = await stage.SignedInAsync(place: "alerts");
        await Visit.Sees(visit.Heading("Alerts"));
        await visit.RefuseAsync("**/ready", 503, "store-unavailable");
        await visit.Page.RouteAsync("**/queues", route => route.AbortAsync(), new() { Times = 1 });

        await visit.GoAsync("queues");

        await Visit.Sees(visit.Page.GetByText("Tasks waiting for an agent"));
        await Visit.IsGone(visit.Page.GetByText("Reconnecting."));
        await visit.HasNoComplaintsAsync("net::ERR");
    }

    [BrowserFact]
    public async Task View_OfAVersionThatIsGone_AsksToLoadThePageAgain()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.RefuseAsync("**/dashboard/**", 404, "route-not-found");

        await visit.GoAsync("alerts");

        await Visit.Sees(visit.Page.GetByText("The dashboard was updated."));
        await visit.Page.UnrouteAllAsync();
        await visit.Button("Reload").ClickAsync();
        await Visit.Sees(visit.Heading("Alerts"));
        await visit.HasNoComplaintsAsync("404");
    }

    [BrowserFact]
    public async Task View_ThatHasAFault_SaysSoAndKeepsTheFrame()
    {
        await using var visit = await stage.VisitAsync();
        await visit.Page.RouteAsync("**/queues", route => route.FulfillAsync(new() { ContentType = "application/json", Body = "{}" }));
        await visit.OpenAsync("queues");
        await visit.SignInAsync(stage.OperatorKey);
        await Visit.Sees(visit.Page.GetByText("This view has a fault."));

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Alerts" }).ClickAsync();

        await Visit.Sees(visit.Heading("Alerts"));
        await visit.HasNoComplaintsAsync("thrown:");
    }
}
