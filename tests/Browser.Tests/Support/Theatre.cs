namespace Headgate.Browser.Tests.Support;

/// <summary>The service as a process of its own, and the browser.</summary>
internal sealed class Theatre : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly IPlaywright _playwright;

    private Theatre(TempFolder folder, ServiceProcess service, string operatorKey, IPlaywright playwright, IBrowser browser)
    {
        (_folder, Service, OperatorKey, _playwright, Browser) = (folder, service, operatorKey, playwright, browser);
        Client = HttpCalls.NewClient(service.Address, operatorKey);
    }

    public ServiceProcess Service { get; }

    public string OperatorKey { get; }

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client { get; }

    public IBrowser Browser { get; }

    public static async Task<Theatre> OpenAsync()
    {
        var folder = new TempFolder();
        var service = await ServiceProcess.StartAsync(folder.Path, environment: Stage.Patient);
        var key = (await File.ReadAllTextAsync(folder["operator.key"])).Trim();
        var playwright = await Playwright.CreateAsync();
        return new Theatre(folder, service, key, playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Program, Args = Chromium.Arguments, Headless = true }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        Client.Dispose();
        await Service.DisposeAsync();
        _folder.Dispose();
    }
}
