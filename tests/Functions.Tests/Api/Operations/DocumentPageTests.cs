using System.Text.RegularExpressions;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Api.Operations;

/// <summary>The documents of the repository, served.</summary>
public sealed partial class DocumentPageTests : IAsyncLifetime
{
    private LocalService _service = null!;
    private HttpClient _nobody = null!;

    public async Task InitializeAsync()
    {
        _service = await LocalService.StartAsync();
        _nobody = _service.NewClient(null);
    }

    public async Task DisposeAsync()
    {
        _nobody.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("docs/http.md")]
    [InlineData("docs/runbooks/resource-held.md")]
    [InlineData("docs/decisions/README.md")]
    public async Task Page_OfTheRepository_IsServedAsItIsAndOnce(string path)
    {
        var first = await _nobody.CallAsync("GET", "/" + path);
        var again = await _nobody.CallAsync("GET", "/" + path, null, ("If-None-Match", first.Header("ETag")!));
        var other = await _nobody.CallAsync("GET", "/" + path, null, ("If-None-Match", "\"other\""));

        Assert.Equal(RepositoryFiles.Read(path), await first.Message.Content.ReadAsStringAsync());
        Assert.Equal((200, "text/markdown; charset=utf-8", "nosniff"), ((int)first.Status, first.Header("Content-Type"), first.Header("X-Content-Type-Options")));
        Assert.Equal((304, 200, first.Header("ETag")), ((int)again.Status, (int)other.Status, again.Header("ETag")));
    }

    [Theory]
    [InlineData("/docs/no-such-page.md")]
    [InlineData("/docs/..%2fREADME.md")]
    [InlineData("/docs/http")]
    [InlineData("/docs/contracts.xml")]
    public async Task Page_ThatIsNone_Is404(string path)
    {
        var reply = await _nobody.CallAsync("GET", path);

        Assert.Equal((404, "not-found"), ((int)reply.Status, reply.Code));
    }

    [Fact]
    public async Task Index_EveryLink_LeadsToADocument()
    {
        var index = await _nobody.CallAsync("GET", "/llms.txt");
        var links = Links().Matches(await index.Message.Content.ReadAsStringAsync()).Select(match => match.Groups["path"].Value).ToList();

        Assert.True(links.Count > 30, $"Only {links.Count} links.");
        foreach (var link in links)
            Assert.Equal(200, (int)(await _nobody.CallAsync("GET", link)).Status);
    }

    [Fact]
    public async Task Runbooks_OfTheAlerts_AreServed()
    {
        foreach (var rule in (await _service.Client.ReadAsync("/alerts")).Body!["rules"]!.AsArray())
            Assert.Equal(200, (int)(await _nobody.CallAsync("GET", $"/{rule!["runbook"]}")).Status);
    }

    [GeneratedRegex(@"\]\((?<path>/[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();
}
