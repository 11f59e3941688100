using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Headgate.Browser.Tests.Support;

/// <summary>Somebody looks at the dashboard: a page of its own, whose every complaint is kept.</summary>
public sealed class Visit : IAsyncDisposable
{
    private const string KeepsViolations =
        "globalThis.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));";

    private const string CountsStreams =
        """
        globalThis.streams = 0;
        const plain = globalThis.fetch;
        globalThis.fetch = async (path, options) => {
          if (!String(path).endsWith('/events'))
            return plain(path, options);
          streams += 1;
          options.signal.addEventListener('abort', () => (streams -= 1), { once: true });
          return plain(path, options);
        };
        """;

    private readonly List<string> _complaints = [];
    private readonly string _address;

    private Visit(IPage page, string address) => (Page, _address) = (page, address);

    public IPage Page { get; }

    public static async Task<Visit> BeginAsync(IBrowser browser, string address, int width, ColorScheme theme)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 860 }, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(60_000);
        var visit = new Visit(await context.NewPageAsync(), address);
        await visit.Page.AddInitScriptAsync(KeepsViolations);
        await visit.Page.AddInitScriptAsync($"{{ {CountsStreams} }}");
        visit.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                visit.Keep($"{message.Type}: {message.Text}");
        };
        visit.Page.PageError += (_, error) => visit.Keep($"thrown: {error}");
        return visit;
    }

    /// <param name="place">Behind the <c>#/</c>.</param>
    public Task OpenAsync(string place = "") => Page.GotoAsync(place.Length == 0 ? $"{_address}/" : $"{_address}/#/{place}");

    /// <summary>Goes on to another place without loading the page again.</summary>
    public Task GoAsync(string place) => Page.EvaluateAsync("place => { location.hash = place; }", $"#/{place}");

    public async Task SignInAsync(string key, bool isRemembered = false)
    {
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        if (isRemembered)
            await Page.GetByLabel("Remember on this machine").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Sees(Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
    }

    /// <summary>In the dialog over a view whose key is taken no longer.</summary>
    public async Task SignInAgainAsync(string key)
    {
        await Dialog.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    public ILocator Row(string text) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>Waits until it is there to be seen.</summary>
    public static Task Sees(ILocator what) => Expect(what).ToBeVisibleAsync(new() { Timeout = 60_000 });

    public static Task Reads(ILocator what, string text) => Expect(what).ToContainTextAsync(text, new() { Timeout = 60_000 });

    public static Task IsGone(ILocator what) => Expect(what).ToHaveCountAsync(0, new() { Timeout = 60_000 });

    /// <summary>Presses a button, and confirms in the dialog that comes.</summary>
    public async Task DoAsync(ILocator button, string confirmation, string? reason = null)
    {
        await button.ClickAsync();
        await Sees(Dialog);
        if (reason is not null)
            await Dialog.GetByLabel("Reason").FillAsync(reason);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = confirmation, Exact = true }).ClickAsync();
        await IsGone(Dialog);
    }

    /// <summary>As if the tab went to the background, or came back.</summary>
    public Task HideAsync(bool isHidden) => Page.EvaluateAsync(
        "isHidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden }); document.dispatchEvent(new Event('visibilitychange')); }", isHidden);

    /// <summary>Waits until so many streams of events are open.</summary>
    public Task HasStreamsAsync(int count) => Page.WaitForFunctionAsync("count => streams === count", count);

    /// <summary>From now on the service is taken to answer so, where it is asked for a path.</summary>
    /// <param name="path">As Playwright takes it.</param>
    /// <param name="status">Of HTTP.</param>
    /// <param name="code">Of the refusal.</param>
    public Task RefuseAsync(string path, int status, string code) => Page.RouteAsync(
        path, route => route.FulfillAsync(new() { Status = status, ContentType = "application/json", Body = $$"""{"error":"Refused by the test","code":"{{code}}"}""" }));

    /// <summary>Kept as the output of a test run.</summary>
    public Task PictureAsync(string name, bool isWhole = false)
    {
        var results = Environment.GetEnvironmentVariable("HEADGATE_TEST_RESULTS") is { Length: > 0 } set ? set : RepositoryFiles.At("TestResults");
        return Page.ScreenshotAsync(new() { Path = Path.Combine(results, "browser", $"{name}.png"), FullPage = isWhole, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>What axe finds that keeps people out.</summary>
    public async Task<IEnumerable<string>> BarriersAsync()
    {
        var found = await Page.RunAxe();
        return found.Violations.Where(each => each.Impact is "serious" or "critical").Select(each => $"{each.Impact} {each.Id}: {each.Help} at {string.Join(", ", each.Nodes.Select(node => node.Html))}");
    }

    /// <summary>Fails if the console, the page or its policy complained of anything.</summary>
    /// <param name="expected">A part of complaints that belong to the test.</param>
    public async Task HasNoComplaintsAsync(params string[] expected)
    {
        var violations = await Page.EvaluateAsync<string[]>("violations");
        lock (_complaints)
        {
            var unexpected = _complaints.Where(each => !expected.Any(part => each.Contains(part, StringComparison.Ordinal))).Concat(violations).ToList();
            Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
        }
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void Keep(string complaint)
    {
        lock (_complaints)
            _complaints.Add(complaint);
    }
}
