using System.Text.Json.Nodes;
using Headgate.LocalHost.Options;
using Headgate.TestKit;

namespace Headgate.Cli.Tests;

/// <summary>What is refused before a service is called, and how it is told if none answers. Nothing listens at the address.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ReservedPort _port = ReservedPort.Take();

    public void Dispose()
    {
        _port.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("runs", "show")]
    [InlineData("runs", "submit")]
    [InlineData("dead-letters", "replay", "")]
    [InlineData("dead-letters", "replay", ".")]
    [InlineData("dead-letters", "dismiss", "..")]
    [InlineData("runs", "list", "--tenant", "")]
    [InlineData("runs", "list", "--tenant", "..")]
    [InlineData("runs", "list", "--limit", "0")]
    [InlineData("runs", "submit", "-f", "")]
    [InlineData("runs", "submit", "-f", "none", "--wait", "31")]
    [InlineData("runs", "submit", "-f", "none", "--idempotency-key", "")]
    [InlineData("runs", "submit", "-f", "none", "--idempotency-key", "a\nb")]
    [InlineData("dead-letters", "list", "--since", "yesterday")]
    [InlineData("dead-letters", "replay-all", "--limit", "1001")]
    [InlineData("completion", "tcsh")]
    public async Task Arguments_ThatAreNone_ExitAsUsage(params string[] arguments)
    {
        var plain = await RunAsync(arguments);
        var asJson = await RunAsync(["--json", .. arguments]);

        Assert.Equal((ExitCode.Usage, ""), (plain.Code, plain.Output));
        Assert.NotEmpty(plain.Errors);
        Assert.Equal((ExitCode.Usage, "usage"), (asJson.Code, (string)JsonNode.Parse(asJson.Errors)!["code"]!));
    }

    [Fact]
    public async Task Anything_Interrupted_ExitsAsShellsHaveIt()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();

        var ended = await Typed.RunAsync(Environment("hg_a_b"), Path.Combine(_folder.Path, "none"), ["queues"], cancellationToken: interrupted.Token);

        Assert.Equal((ExitCode.Interrupted, "interrupted\n"), (ended.Code, ended.Errors));
    }

    [Fact]
    public async Task Submit_WithoutAnAnswer_TellsTheKeyThatMakesItHarmlessAgain()
    {
        var file = Path.Combine(_folder.Path, "run.yaml");
        await File.WriteAllTextAsync(file, "name: n");

        var plain = await RunAsync("-t", "acme", "runs", "submit", "-f", file);
        var asJson = await RunAsync("--json", "-t", "acme", "runs", "submit", "-f", file, "--idempotency-key", "mine");

        Assert.Equal(ExitCode.Unreachable, plain.Code);
        Assert.Matches("--idempotency-key [0-9a-f]{32} ", plain.Errors);
        Assert.Equal("mine", (string)JsonNode.Parse(asJson.Errors)!["idempotencyKey"]!);
        Assert.Equal("unreachable", (string)JsonNode.Parse(asJson.Errors)!["code"]!);
    }

    [Theory]
    [InlineData("hg_a b")]
    [InlineData("hg_a\nb")]
    [InlineData(" ")]
    public async Task Key_ThatCantBeOne_ExitsAsUsage(string key) =>
        Assert.Equal(ExitCode.Usage, (await Typed.RunAsync(Environment(key), Path.Combine(_folder.Path, "none"), ["queues"])).Code);

    [Fact]
    public void Key_WithTheEndOfItsLine_IsTheKey() => Assert.Equal("hg_a_b", Settings.KeyOf("hg_a_b\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"service":"nonsense","key":"k"}""")]
    [InlineData("""{"service":"http://127.0.0.1:7071","key":null}""")]
    public async Task Credentials_ThatCantBeRead_ExitAsUsage(string text)
    {
        var file = Path.Combine(_folder.Path, "credentials.json");
        await File.WriteAllTextAsync(file, text);

        Assert.Equal(ExitCode.Usage, (await Typed.RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), file, ["queues"])).Code);
    }

    [Theory]
    [InlineData("ftp://a")]
    [InlineData("http://me:secret@a")]
    [InlineData("http://a/?key=secret")]
    [InlineData("http://a/#secret")]
    public void Service_ThatIsNoAddress_IsRefusedWithoutItsSecret(string service)
    {
        var refusal = Assert.Throws<UsageException>(() => new Settings(_ => null, "none").Service(service));

        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org", true)]
    [InlineData("https://example.org", false)]
    [InlineData("http://127.0.0.1:7071", false)]
    [InlineData("http://localhost", false)]
    public void Warning_OfAKeyInClear_IsGivenWhereOthersCanRead(string service, bool isWarned) =>
        Assert.Equal(isWarned, Settings.Warning(new Uri(service)) is not null);

    [Fact]
    public void Connection_KeyOfTheEnvironmentWithoutItsService_IsNotSentToTheFilesOne()
    {
        var settings = new Settings(name => name == Settings.Key ? "hg_a_b" : null, Path.Combine(_folder.Path, "credentials.json"));
        settings.Save(new("https://example.org/", "hg_c_d"));

        Assert.Contains(Settings.Url, Assert.Throws<UsageException>(() => settings.Connection(null)).Message, StringComparison.Ordinal);
        Assert.Equal("hg_a_b", settings.Connection("https://example.org").Options.Key);
    }

    [Fact]
    public void DefaultService_OfTheCommandLine_IsWhereTheEmbeddedHostListens() => Assert.Equal(LocalHostOptions.DefaultPort, new Uri(Settings.DefaultService).Port);

    [Fact]
    public async Task Help_OfTheRoot_NamesTheExitCodes() => Assert.Contains("130  interrupted", (await RunAsync("--help")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Completion_OfABeginning_IsWhatTheShellIsTold()
    {
        Assert.Contains("explain", (await RunAsync("[suggest:14]", "headgate runs ")).Output, StringComparison.Ordinal);
        foreach (var shell in (string[])["bash", "zsh", "fish"])
            Assert.Contains("[suggest:", (await RunAsync("completion", shell)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OnANarrowScreen_IsABlockForEachRow()
    {
        using var output = new StringWriter();

        new Terminal(output, TextWriter.Null, isLive: true).Write(["RUN", "NAME"], [["r1", "a\u001bb"]], 40);

        Assert.Equal("run   r1\nname  a\uFFFDb\n\n", output.ToString());
    }

    private Dictionary<string, string> Environment(string key) =>
        new(StringComparer.Ordinal) { [Settings.Url] = $"http://127.0.0.1:{_port.Number}", [Settings.Key] = key };

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        Typed.RunAsync(Environment("hg_a_b"), Path.Combine(_folder.Path, "none"), arguments);
}
