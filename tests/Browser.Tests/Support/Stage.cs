namespace Headgate.Browser.Tests.Support;

/// <summary>The service as a process, and a browser, for all tests of a class; each makes tenants of its own.</summary>
public sealed class Stage : IAsyncLifetime
{
    private static int _names;

    private readonly TempFolder _folder = new();
    private ServiceProcess? _service;
    private IPlaywright? _playwright;

    /// <summary>Leases must outlast a slow machine.</summary>
    public static Dictionary<string, string> Patient { get; } = new(StringComparer.Ordinal) { ["Headgate__Leases__Seconds"] = "3600" };

    public string Address => _service!.Address;

    public string OperatorKey { get; private set; } = "";

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null)
            return;
        _service = await ServiceProcess.StartAsync(_folder.Path, environment: Patient);
        OperatorKey = (await File.ReadAllTextAsync(_folder["operator.key"])).Trim();
        Client = HttpCalls.NewClient(Address, OperatorKey);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Program, Args = Chromium.Arguments, Headless = true });
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        Client?.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A name no other test has.</summary>
    public static string Name(string prefix = "t") => $"{prefix}-{Interlocked.Increment(ref _names)}";

    /// <param name="limits">As JSON.</param>
    public async Task<string> TenantAsync(string plan = "enterprise", string? limits = null, string? name = null)
    {
        var id = Name();
        _ = (await Client.PostAsync("/tenants", new JsonObject { ["id"] = id, ["name"] = name ?? id, ["plan"] = plan, ["limits"] = limits is null ? null : JsonNode.Parse(limits) })).Done;
        return id;
    }

    public async Task<(string Id, string Key)> KeyAsync(string tenant, string role)
    {
        var made = (await Client.PostAsync($"/tenants/{tenant}/keys", new JsonObject { ["name"] = role, ["role"] = role })).Done;
        return ((string)made["keyId"]!, (string)made["key"]!);
    }

    public Task<Agent> AgentAsync(string tenant, int maxConcurrentTasks = 10) =>
        Agent.RegisterAsync(Client, key => HttpCalls.NewClient(Address, key), Name("agent"), maxConcurrentTasks, tenant);

    /// <returns>The run's id.</returns>
    public async Task<string> SubmitAsync(string tenant, string name, params JsonNode[] tasks)
    {
        var run = Bodies.Run(tasks.Length > 0 ? tasks : [Bodies.Task("one")]);
        run["name"] = name;
        return (await Client.SubmitAsync(tenant, run)).RunId;
    }

    public Task<Visit> VisitAsync(int width = 1280, ColorScheme theme = ColorScheme.Light, string? address = null) =>
        Visit.BeginAsync(Browser, address ?? Address, width, theme);

    /// <summary>Signed in as the operator, or with another key.</summary>
    public async Task<Visit> SignedInAsync(string? key = null, string place = "", int width = 1280, ColorScheme theme = ColorScheme.Light)
    {
        var visit = await VisitAsync(width, theme);
        await visit.OpenAsync(place);
        await visit.SignInAsync(key ?? OperatorKey);
        return visit;
    }
}
