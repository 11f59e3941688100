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
        var file = Write("name: ''\nfoo: 1\ntasks: []");
        var refused = await RunAsync("-t", "acme", "runs", "submit", "-f", file);

        Assert.Equal((ExitCode.Refused, ""), (refused.Code, refused.Output));
        Assert.Contains($"  {file}:2:1: foo: is unknown", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"  {file}:3:1: tasks: ", refused.Errors, StringComparison.Ordinal);
        var asJson = JsonNode.Parse((await RunAsync("-t", "acme", "--json", "runs", "submit", "-f", file)).Errors)!;
        Assert.Equal("invalid-request", (string)asJson["code"]!);
        Assert.Contains(asJson["details"]!.AsArray(), detail => (string)detail!["path"]! == "foo" && (int)detail["line"]! == 2 && (int)detail["column"]! == 1);
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
        settings.Save(new("http://127.0.0.1:1/", "hg_a_b"));

        Assert.Equal("hg_a_b", settings.Connection("http://127.0.0.1:1").Options.Key);
        Assert.Throws<UsageException>(() => settings.Connection("http://127.0.0.1:2"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await File.WriteAllTextAsync(file, "{");
        Assert.Contains("login", Assert.Throws<UsageException>(() => settings.Connection(null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_Rotated_ShowTheNewOneAndItsSuccession()
    {
        var made = JsonNode.Parse((await RunAsync("-t", "acme", "--json", "keys", "create", "--name", "ci", "--role", "viewer")).Output)!;

        var rotated = await RunAsync("-t", "acme", "--json", "keys", "rotate", (string)made["keyId"]!, "--overlap", "60");

        Assert.Equal(ExitCode.Done, rotated.Code);
        Assert.StartsWith("hg_", (string)JsonNode.Parse(rotated.Output)!["key"]!, StringComparison.Ordinal);
        Assert.Contains((string)JsonNode.Parse(rotated.Output)!["keyId"]!, (await RunAsync("-t", "acme", "keys", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_SetAndRemoved_AreListedInBetween()
    {
        Assert.Equal(ExitCode.Done, (await RunAsync("-t", "acme", "members", "set", "alice@example.org", "--role", "admin")).Code);
        Assert.Contains("alice@example.org  admin", (await RunAsync("-t", "acme", "members", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("-t", "acme", "members", "remove", "alice@example.org")).Code);
        Assert.Equal("none", (await RunAsync("-t", "acme", "members", "list")).Errors.Trim());
    }

    [Fact]
    public async Task Submit_OverTheCap_TellsThePlaceInLine()
    {
        await _service.Client.CallAsync("PATCH", "/tenants/acme", """{"limits":{"maxConcurrentRuns":1,"maxWaitingRuns":5}}""");
        var file = Write("name: n\ntasks: [{ name: one, type: nobody }]");
        await RunAsync("-t", "acme", "runs", "submit", "-f", file);

        Assert.Matches("place in line +1\n", (await RunAsync("-t", "acme", "runs", "submit", "-f", file, "--idempotency-key", "k")).Output);
        Assert.True((bool)JsonNode.Parse((await RunAsync("-t", "acme", "--json", "runs", "submit", "-f", file, "--idempotency-key", "k")).Output)!["isReplayed"]!);
    }

    [Fact]
    public async Task Schedules_SetAndTriggered_SubmitTheirRun()
    {
        var set = await RunAsync("-t", "acme", "schedules", "set", "nightly", "-f", Write("cron: '0 3 * * *'\nrun: { name: n, tasks: [{ name: one, type: nobody }] }"));
        var triggered = await RunAsync("-t", "acme", "--json", "schedules", "trigger", "nightly");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (set.Code, triggered.Code));
        Assert.Contains("nightly   0 3 * * * (UTC)", (await RunAsync("-t", "acme", "schedules", "list")).Output, StringComparison.Ordinal);
        Assert.Contains((string)JsonNode.Parse(triggered.Output)!["runId"]!, (await RunAsync("-t", "acme", "runs", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("-t", "acme", "schedules", "remove", "nightly")).Code);
    }

    [Fact]
    public async Task UsageAndVerify_OfATenant_TellItsMonthAndItsAudit()
    {
        await RunAsync("-t", "acme", "runs", "submit", "-f", Write("name: n\ntasks: [{ name: one, type: nobody }]"));

        var usage = await RunAsync("-t", "acme", "usage");
        var verified = await RunAsync("-t", "acme", "verify");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (usage.Code, verified.Code));
        Assert.Contains("1 accepted", usage.Output, StringComparison.Ordinal);
        Assert.Matches("chain +intact\n", verified.Output);
        Assert.Equal(ExitCode.Refused, (await RunAsync("-t", "acme", "usage", "--month", "never")).Code);
    }

    [Fact]
    public async Task ShowAgent_AsJson_HoldsItsLoad()
    {
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "a1", 3, "acme");

        var shown = await RunAsync("--json", "agents", "show", agent.Id);

        Assert.Equal(3, (int)JsonNode.Parse(shown.Output)!["load"]!["maxConcurrentTasks"]!);
    }

    [Fact]
    public async Task ReplayAll_OfWhatMatches_TellsItsProgressUntilItsEnd()
    {
        var agent = await Agent.RegisterAsync(_service.Client, _service.NewClient, "a1", 1, "acme");
        await RunAsync("-t", "acme", "runs", "submit", "-f", Write("name: n\ntasks: [{ name: one, type: noop, maxRetries: 0 }]"));
        (await agent.ReportAsync(await agent.ClaimOneAsync(), "failure", "connection refused")).Message.EnsureSuccessStatusCode();
        await UntilAsync(["-t", "acme", "dead-letters", "list"], output => output.Contains("noop", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Done, (await RunAsync("-t", "acme", "dead-letters", "replay-all", "--type", "other", "--dry-run")).Code);
        Assert.Equal(ExitCode.WouldChange, (await RunAsync("-t", "acme", "dead-letters", "replay-all", "--since", "1h", "--dry-run")).Code);
        var replayed = await RunAsync("-t", "acme", "dead-letters", "replay-all", "--type", "noop");
        Assert.Equal(ExitCode.Done, replayed.Code);
        Assert.Contains("completed: 1 of 1 dead letters in 1 runs", replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAService_TellsEachCheckAndACure()
    {
        var told = await RunAsync("doctor");

        Assert.Equal(ExitCode.Done, told.Code);
        foreach (var check in (string[])["service", "clock", "version", "key", "stores", "queues", "alerts"])
            Assert.Contains($"ok    {check}: ", told.Output, StringComparison.Ordinal);
        Assert.Contains("warn  agents: 0 of 0 online", told.Output, StringComparison.Ordinal);
        Assert.Contains("      try: register one", told.Output, StringComparison.Ordinal);
        var refused = await RunAsync("hg_nobody_" + new string('x', 40), "--json", "doctor");
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains(refused.Output.Trim().Split('\n'), line => (string)JsonNode.Parse(line)!["check"]! == "key" && (string)JsonNode.Parse(line)!["state"]! == "fail");
    }

    [Fact]
    public async Task Login_WithAKeyOnStandardInput_KeepsItAndPrintsItNowhere()
    {
        var key = (string)(await _service.Client.PostAsync("/tenants/acme/keys", new JsonObject { ["name"] = "k", ["role"] = "viewer" })).Done["key"]!;
        var file = Path.Combine(_folder.Path, "credentials.json");
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);

        var login = await Typed.RunAsync(nothing, file, ["login", "--json", "--service", _service.Server.Address], key + "\n");
        var listed = await Typed.RunAsync(nothing, file, ["runs", "list", "--service", _service.Server.Address]);

        Assert.Equal((ExitCode.Done, ""), (login.Code, login.Errors));
        Assert.Equal("acme", (string)JsonNode.Parse(login.Output)!["tenantId"]!);
        Assert.DoesNotContain(key, login.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, listed.Code);
        Assert.Equal(ExitCode.Usage, (await Typed.RunAsync(nothing, file, ["login", "--service", _service.Server.Address])).Code);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => arguments[0].StartsWith("hg_", StringComparison.Ordinal)
        ? RunAsync(arguments[0], arguments[1..])
        : RunAsync(_service.Server.OperatorKey.Text, arguments);

    private Task<(int Code, string Output, string Errors)> RunAsync(string key, string[] arguments) => Typed.RunAsync(
        new Dictionary<string, string>(StringComparer.Ordinal) { [Settings.Url] = _service.Server.Address, [Settings.Key] = key }, Path.Combine(_folder.Path, "none"), arguments);

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
