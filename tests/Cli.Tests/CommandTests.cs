using System.Text.Json.Nodes;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Cli.Tests;

/// <summary>The commands against the service itself, as a program calls them: no terminal, plain lines.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private LocalService _service = null!;

    public async Task InitializeAsync()
    {
        _service = await LocalService.StartAsync();
        await _service.Client.CreateTenantAsync("acme");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Submit_AFileOfYaml_IsListedShownAndExplained()
    {
        var submitted = await RunAsync("-t", "acme", "--json", "runs", "submit", "-f", Write("name: nightly\ntasks: [{ name: one, type: nobody }]"));
        var run = (string)JsonNode.Parse(submitted.Output)!["runId"]!;

        Assert.Equal(ExitCode.Done, submitted.Code);
        Assert.Contains(run, (await RunAsync("-t", "acme", "runs", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("nightly", (await RunAsync("-t", "acme", "runs", "show", run)).Output, StringComparison.Ordinal);
        var task = await UntilAsync(["tasks", "explain", run + ".one"], output => output.Contains("no-agent", StringComparison.Ordinal));
        Assert.Contains("try: ", task, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("-t", "acme", "runs", "cancel", run)).Code);
        Assert.Equal(ExitCode.RunNotCompleted, (await RunAsync("-t", "acme", "runs", "watch", run)).Code);
    }

    [Fact]
    public async Task Submit_AndWatch_EndsWithTheRun()
    {
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "a1", 1, "acme");

        var watching = RunAsync("-t", "acme", "runs", "submit", "--watch", "-f", Write("name: n\ntasks: [{ name: one, type: noop }]"));
        (await agent.ReportAsync(await agent.ClaimOneAsync())).Message.EnsureSuccessStatusCode();
        var watched = await watching;

        Assert.Equal(ExitCode.Done, watched.Code);
        Assert.Contains("+ one  completed", watched.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ABadRun_NamesEveryProblemAndExitsAsRefused()
    {
        var refused = await RunAsync("-t", "acme", "runs", "submit", "-f", Write("name: ''\nfoo: 1\ntasks: []"));

        Assert.Equal((ExitCode.Refused, ""), (refused.Code, refused.Output));
        Assert.Contains("  foo: is unknown", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("  tasks: ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithoutTenantByTheKeyOfOne_IsThatTenants()
    {
        var key = (string)(await _service.Client.PostAsync("/tenants/acme/keys", new JsonObject { ["name"] = "k", ["role"] = "viewer" })).Done["key"]!;

        Assert.Equal(ExitCode.Done, (await RunAsync(key, "runs", "list")).Code);
        var operatorsOwn = await RunAsync("runs", "list");
        Assert.Equal(ExitCode.Usage, operatorsOwn.Code);
        Assert.Contains("--tenant", operatorsOwn.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_WithEscapesOfATerminal_AreShownAsText()
    {
        await _service.Client.CallAsync("PATCH", "/tenants/acme", """{"name":"A\u202Eb<img onerror=x>"}""");

        var shown = await RunAsync("tenants", "list");

        Assert.Contains("A\uFFFDb<img onerror=x>", shown.Output, StringComparison.Ordinal);
        Assert.Equal("\uFFFD[31mx\uFFFD", Terminal.Plain("\u001b[31mx\r"));
    }

    [Fact]
    public async Task Anything_WithoutAService_ExitsAsUnreachable()
    {
        using var port = ReservedPort.Take();

        var failed = await RunAsync("--service", $"http://127.0.0.1:{port.Number}", "queues");

        Assert.Equal(ExitCode.Unreachable, failed.Code);
        Assert.NotEmpty(failed.Errors);
    }

    [Fact]
    public async Task Save_AKey_IsForItsServiceAloneAndItsOwnersEyes()
    {
        var file = Path.Combine(_folder.Path, "sub", "credentials.json");
        var settings = new Settings(_ => null, file);
        settings.Save("http://127.0.0.1:1/", "hg_a_b");

        Assert.Equal("hg_a_b", settings.Connection("http://127.0.0.1:1").Key);
        Assert.Throws<UsageException>(() => settings.Connection("http://127.0.0.1:2"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await File.WriteAllTextAsync(file, "{");
        Assert.Contains("login", Assert.Throws<UsageException>(() => settings.Connection(null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("runs", "show")]
    [InlineData("runs", "submit")]
    public async Task Arguments_ThatAreNone_ExitAsUsage(params string[] arguments) =>
        Assert.Equal(ExitCode.Usage, (await RunAsync(arguments)).Code);

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => arguments[0].StartsWith("hg_", StringComparison.Ordinal)
        ? RunAsync(arguments[0], arguments[1..])
        : RunAsync(_service.Server.OperatorKey.Text, arguments);

    private async Task<(int Code, string Output, string Errors)> RunAsync(string key, string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Settings.Url] = _service.Server.Address, [Settings.Key] = key };
        var line = new CommandLine(new Terminal(output, errors, isLive: false), new Settings(environment.GetValueOrDefault, Path.Combine(_folder.Path, "none")));
        return (await line.InvokeAsync(arguments), output.ToString(), errors.ToString());
    }

    private async Task<string> UntilAsync(string[] arguments, Func<string, bool> wanted)
    {
        using var late = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var (_, output, _) = await RunAsync(arguments);
            if (wanted(output))
                return output;
            Assert.False(late.IsCancellationRequested, output);
        }
    }

    private string Write(string yaml)
    {
        var path = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N") + ".yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
