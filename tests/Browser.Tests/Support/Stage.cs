namespace Headgate.Browser.Tests.Support;

/// <summary>What a class of tests needs: the service and the browser, which are one each for all classes; each test makes tenants of its own.</summary>
public sealed class Stage : IAsyncLifetime
{
    private static readonly SemaphoreSlim s_turn = new(1);
    private static Theatre? s_theatre;
    private static int s_classes;
    private static int _names;

    private Theatre _theatre = null!;

    /// <summary>Leases must outlast a slow machine.</summary>
    public static Dictionary<string, string> Patient { get; } = new(StringComparer.Ordinal) { ["Headgate__Leases__Seconds"] = "3600" };

    public string Address => _theatre.Service.Address;

    public string OperatorKey => _theatre.OperatorKey;

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client => _theatre.Client;

    public IBrowser Browser => _theatre.Browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Missing is not null)
            return;
        await s_turn.WaitAsync();
        try
        {
            _theatre = s_theatre ??= await Theatre.OpenAsync();
            s_classes++;
        }
        finally
        {
            s_turn.Release();
        }
    }

    public async Task DisposeAsync()
    {
        if (_theatre is null)
            return;
        await s_turn.WaitAsync();
        try
        {
            if (--s_classes > 0)
                return;
            s_theatre = null;
            await _theatre.DisposeAsync();
        }
        finally
        {
            s_turn.Release();
        }
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
