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
        await client.SubmitAsync("acme");
        await using var visit = await stage.VisitAsync(address: first.Address);
        await visit.OpenAsync("tenants/acme");
        await visit.SignInAsync((await File.ReadAllTextAsync(folder["operator.key"])).Trim());
        await Visit.Sees(visit.Page.GetByText("live", new() { Exact = true }));
        await visit.Page.EvaluateAsync("globalThis.isSamePage = true");

        await first.KillAsync();

        await Visit.Sees(visit.Page.GetByText("Reconnecting."));
        await Visit.Sees(visit.Row("test"));
        await visit.PictureAsync("reconnecting");
        await using var second = await ServiceProcess.StartAsync(folder.Path, port.Number, Stage.Patient);
        await Visit.IsGone(visit.Page.GetByText("Reconnecting."));
        var late = Bodies.OneTask();
        late["name"] = "after the restart";
        _ = (await client.SubmitAsync("acme", late)).Done;
        await Visit.Sees(visit.Row("after the restart"));
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
