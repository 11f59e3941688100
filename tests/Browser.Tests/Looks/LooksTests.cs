using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Looks;

/// <summary>Every view on a small screen and a large one, in a theme each: nothing runs over the edge, and nobody is kept out.</summary>
public sealed class LooksTests(Stage stage) : IClassFixture<Stage>
{
    [BrowserTheory]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    public async Task Views_AtEachWidthAndTheme_FitAndShutNobodyOut(int width, ColorScheme theme)
    {
        var tenant = await stage.TenantAsync("pro", """{"maxConcurrentRuns":2,"maxWaitingRuns":10}""", "Acme Backups with a name that goes on for longer than anybody would like");
        var agent = await stage.AgentAsync(tenant, 2);
        var run = await stage.SubmitAsync(tenant, "nightly-of-the-long-name-without-a-single-space-in-it", Bodies.Task("a"), Bodies.Task("b", needs: "a"), Bodies.Task("c", needs: "a"), Bodies.Task("d", needs: ["b", "c"]));
        _ = (await agent.ReportAsync(await agent.ClaimOneAsync(), "failure", new string('x', 300))).Done;
        for (var i = 0; i < 3; i++)
            await stage.SubmitAsync(tenant, $"other {i}");
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/schedules/nightly", new JsonObject { ["cron"] = "0 2 * * *", ["run"] = Bodies.OneTask() }.ToJsonString())).Message.EnsureSuccessStatusCode();
        _ = (await stage.Client.CallAsync("PUT", $"/tenants/{tenant}/members/somebody", """{"role":"developer"}""")).Message.EnsureSuccessStatusCode();
        await using var visit = await stage.SignedInAsync(width: width, theme: theme);

        var views = new (string Place, ILocator Shown)[]
        {
            ("tenants", visit.Row(tenant)),
            ($"tenants/{tenant}", visit.Row("other 2")),
            ($"tenants/{tenant}/runs/{run}", visit.Page.Locator(".graph svg")),
            ($"tenants/{tenant}/runs/{run}/a", visit.Page.GetByRole(AriaRole.Complementary)),
            ("agents", visit.Page.GetByRole(AriaRole.Article).First),
            ("queues", visit.Page.Locator(".chart canvas").First),
            ("alerts", visit.Page.GetByText("Start queue is deep")),
        };
        var parts = new Dictionary<string, ILocator>(StringComparer.Ordinal)
        {
            ["dead-letters"] = visit.Page.GetByText("No dead letters."),
            ["resources"] = visit.Page.GetByText("No resource yet."),
            ["agents"] = visit.Page.GetByRole(AriaRole.Article).First,
            ["schedules"] = visit.Row("nightly"),
            ["usage"] = visit.Heading("Day by day"),
            ["members"] = visit.Row("somebody"),
            ["audit"] = visit.Page.GetByRole(AriaRole.Table, new() { Name = "Audit" }).Or(visit.Page.GetByText("Nobody has changed anything.")),
        };
        Assert.Equal((await PartsAsync(visit)).Order(StringComparer.Ordinal), parts.Keys.Order(StringComparer.Ordinal));
        foreach (var (place, shown) in views.Concat(parts.Select(part => (Place: $"tenants/{tenant}/{part.Key}", Shown: part.Value))))
        {
            await visit.GoAsync(place);
            await Visit.Sees(shown);
            var (wide, wanted) = (await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await visit.Page.EvaluateAsync<int>("innerWidth"));
            await visit.PictureAsync($"{place.Replace(tenant, "tenant", StringComparison.Ordinal).Replace(run, "run", StringComparison.Ordinal).Replace('/', '-')}-{width}-{theme}".ToLowerInvariant());
            Assert.True(wide <= wanted, $"{place} is {wide} wide of {wanted}.");
            var barriers = await visit.BarriersAsync();
            Assert.True(!barriers.Any(), $"{place}: {string.Join('\n', barriers)}");
        }

        await visit.HasNoComplaintsAsync();
    }

    /// <summary>As the dashboard itself lists them, so that none is left out here.</summary>
    private static Task<string[]> PartsAsync(Visit visit) => visit.Page.EvaluateAsync<string[]>(
        "async () => Object.keys((await import(document.querySelector('script[type=module]').src.replace('app/main.js', 'app/views/tenant.js'))).PARTS)");

    [BrowserFact]
    public async Task Theme_ThatIsChosen_StaysChosen()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: system. Switch to dark." }).ClickAsync();
        await visit.Page.ReloadAsync();

        await Visit.Sees(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: dark. Switch to light." }));
        Assert.Equal("dark", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme"));
    }
}
