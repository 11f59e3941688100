using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Access;

public sealed class SignInTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserFact]
    public async Task SignIn_WithTheOperatorsKey_KeepsItInTheTabAlone()
    {
        await using var visit = await stage.VisitAsync();
        await visit.OpenAsync();
        await visit.PictureAsync("sign-in");
        Assert.Empty(await visit.BarriersAsync());

        await visit.SignInAsync(stage.OperatorKey);
        await Visit.Sees(visit.Heading("Tenants"));

        Assert.DoesNotContain("hg_", visit.Page.Url, StringComparison.Ordinal);
        Assert.Equal(stage.OperatorKey, await visit.Page.EvaluateAsync<string>("sessionStorage.getItem('headgate.key')"));
        Assert.Null(await visit.Page.EvaluateAsync<string?>("localStorage.getItem('headgate.key')"));
        await visit.Page.ReloadAsync();
        await Visit.Sees(visit.Heading("Tenants"));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task SignIn_Remembered_OutlivesTheTabUntilSomebodySignsOut()
    {
        await using var visit = await stage.VisitAsync();
        await visit.OpenAsync();
        await visit.SignInAsync(stage.OperatorKey, isRemembered: true);
        var later = await visit.Page.Context.NewPageAsync();
        await later.GotoAsync($"{stage.Address}/");
        await Visit.Sees(later.GetByRole(AriaRole.Heading, new() { Name = "Tenants" }));

        await visit.Button("Sign out").ClickAsync();

        await Visit.Sees(visit.Page.GetByLabel("Key", new() { Exact = true }));
        Assert.Null(await visit.Page.EvaluateAsync<string?>("localStorage.getItem('headgate.key')"));
    }

    [BrowserTheory]
    [InlineData("hg_nobody_0123456789abcdefghijklmnopqrstuvwxyz")]
    [InlineData("<img src=x onerror=alert(1)>")]
    public async Task SignIn_WithAKeyThatIsNone_SaysSo(string key)
    {
        await using var visit = await stage.VisitAsync();
        await visit.OpenAsync();
        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await visit.Button("Sign in").ClickAsync();

        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "does not take this key");
        await visit.HasNoComplaintsAsync("401");
    }

    [BrowserFact]
    public async Task SignIn_WithAnAgentsKey_IsRefused()
    {
        var registered = (await stage.Client.PostAsync("/agents", new JsonObject { ["name"] = Stage.Name("agent"), ["os"] = "linux", ["arch"] = "x64", ["version"] = "1" })).Done;
        await using var visit = await stage.VisitAsync();
        await visit.OpenAsync();
        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync((string)registered["key"]!);
        await visit.Button("Sign in").ClickAsync();

        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "an agent’s key");
    }

    [BrowserFact]
    public async Task Key_ThatIsRevoked_IsAskedForAgainAndTheViewStays()
    {
        var tenant = await stage.TenantAsync();
        await stage.SubmitAsync(tenant, "nightly");
        var (keyId, key) = await stage.KeyAsync(tenant, "developer");
        await using var visit = await stage.SignedInAsync(key);
        await Visit.Sees(visit.Row("nightly"));

        _ = (await stage.Client.CallAsync("DELETE", $"/tenants/{tenant}/keys/{keyId}")).Message.EnsureSuccessStatusCode();

        await Visit.Sees(visit.Heading("Sign in again"));
        await Visit.Sees(visit.Page.GetByText("nightly"));
        await visit.PictureAsync("sign-in-again");
        for (var presses = 0; presses < 3; presses++)
            await visit.Page.Keyboard.PressAsync("Escape");
        await Visit.Sees(visit.Heading("Sign in again"));
        await visit.SignInAgainAsync((await stage.KeyAsync(tenant, "developer")).Key);
        await Visit.IsGone(visit.Dialog);
        await stage.SubmitAsync(tenant, "afterwards");
        await Visit.Sees(visit.Row("afterwards"));
        await visit.HasNoComplaintsAsync("401");
    }

    [BrowserFact]
    public async Task Reload_WhileTheServiceCantSayWho_OffersAnotherTry()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.RefuseAsync("**/me", 503, "store-unavailable");
        await visit.Page.ReloadAsync();
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "store-unavailable");
        Assert.Empty(await visit.BarriersAsync());
        await visit.Page.UnrouteAllAsync();

        await visit.Button("Try again").ClickAsync();

        await Visit.Sees(visit.Heading("Tenants"));
        await visit.HasNoComplaintsAsync("503");
    }

    /// <summary>A token names no tenant: the address does, or somebody who is asked.</summary>
    [BrowserFact]
    public async Task SignIn_OfAPerson_AsksWhichTenant()
    {
        var tenant = await stage.TenantAsync();
        await stage.SubmitAsync(tenant, "nightly");
        await using var visit = await stage.VisitAsync();
        await visit.Page.RouteAsync("**/me", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"kind":"member","subject":"ada","tenantId":null,"role":null,"permissions":[],"expiresAt":null}""" }));
        await visit.OpenAsync();
        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync((await stage.KeyAsync(tenant, "viewer")).Key);
        await visit.Button("Sign in").ClickAsync();
        await Visit.Sees(visit.Heading("Which tenant?"));
        Assert.Empty(await visit.BarriersAsync());

        await visit.Page.GetByLabel("Tenant").FillAsync("nobodys");
        await visit.Button("Open").ClickAsync();
        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert), "tenant-not-found");
        await visit.Page.GetByLabel("Tenant").FillAsync(tenant);
        await visit.Button("Open").ClickAsync();

        await Visit.Sees(visit.Row("nightly"));
        await visit.Page.ReloadAsync();
        await Visit.Sees(visit.Row("nightly"));
        await visit.HasNoComplaintsAsync("404");
    }

    [BrowserFact]
    public async Task Viewer_OfATenant_SeesItAndGetsNoButtons()
    {
        var tenant = await stage.TenantAsync();
        var run = await stage.SubmitAsync(tenant, "nightly");
        await using var visit = await stage.SignedInAsync((await stage.KeyAsync(tenant, "viewer")).Key);
        await Visit.Sees(visit.Row("nightly"));

        await Visit.Sees(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }));
        foreach (var absent in new[] { "Alerts", "Queues", "Agents", "Audit", "Members" })
            await Visit.IsGone(visit.Page.GetByRole(AriaRole.Link, new() { Name = absent }));
        await Visit.IsGone(visit.Button("Pause"));
        await visit.GoAsync($"tenants/{tenant}/runs/{run}");
        await Visit.Sees(visit.Heading("nightly"));
        await Visit.IsGone(visit.Button("Cancel"));
        await visit.HasNoComplaintsAsync();
    }

    [BrowserFact]
    public async Task Member_OfAnotherTenant_IsToldWhatTheServiceSays()
    {
        var (mine, other) = (await stage.TenantAsync(), await stage.TenantAsync());
        await using var visit = await stage.SignedInAsync((await stage.KeyAsync(mine, "owner")).Key);

        await visit.GoAsync($"tenants/{other}");

        await Visit.Reads(visit.Page.GetByRole(AriaRole.Alert).First, "tenant-not-found");
    }
}
