using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Headgate.Functions.Dashboard;
using Headgate.Functions.Tests.Support;
using Headgate.TestKit.Wire;

namespace Headgate.Functions.Tests.Dashboard;

/// <summary>How the dashboard's files are sent. What people see of it, browser tests hold.</summary>
[Collection("Service")]
public sealed partial class DashboardTests(Service service)
{
    private const string Html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData(Html, true)]
    [InlineData("text/html", true)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/html;q=0, application/json", false)]
    [InlineData(null, false)]
    public async Task Root_ByWhatTheCallerAccepts_IsThePageOrJson(string? accept, bool isPage)
    {
        using var reply = await SendAsync("/", accept);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(isPage ? "text/html" : "application/json", reply.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", reply.Headers.Vary);
    }

    [Fact]
    public async Task Page_WithoutCredentials_RunsOnlyWhatTheServiceSends()
    {
        using var reply = await SendAsync("/", Html);

        var policy = Assert.Single(reply.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(
            ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"],
            policy.Split("; "));
        Assert.Equal(("nosniff", "no-referrer"), (reply.Headers.GetValues("X-Content-Type-Options").Single(), reply.Headers.GetValues("Referrer-Policy").Single()));
        var page = await reply.Content.ReadAsStringAsync();
        Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|https?://", page);
        Assert.DoesNotContain("{version}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ThatTheCallerHas_Is304()
    {
        using var first = await SendAsync("/", Html);
        using var again = await SendAsync("/", Html, ifNoneMatch: first.Headers.ETag!.ToString());

        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.True(first.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task File_InEachCoding_IsWhatStandsInTheAssembly(string? coding)
    {
        using var reply = await SendAsync($"/dashboard/{DashboardFiles.Version}/app/main.js", coding: coding);
        var body = await reply.Content.ReadAsByteArrayAsync();

        Assert.Equal(coding, reply.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(DashboardFiles.All["app/main.js"].Body.ToArray(), Unpacked(body, coding));
        Assert.Equal("text/javascript", reply.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", reply.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ByItsHead_HasTheSameHeadersAndNoBody()
    {
        using var reply = await SendAsync($"/dashboard/{DashboardFiles.Version}/app/main.js", method: "HEAD");

        Assert.Equal(DashboardFiles.All["app/main.js"].Body.Length, reply.Content.Headers.ContentLength);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task File_OfAnOtherVersion_IsRefused()
    {
        using var reply = await SendAsync("/dashboard/0123456789abcdef/app/main.js");

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.DoesNotContain("immutable", reply.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such/file.js")]
    [InlineData("index.html")]
    [InlineData("..%2f..%2fslo.json")]
    [InlineData("")]
    public async Task File_ThatIsNotThere_IsRefused(string path)
    {
        using var reply = await SendAsync($"/dashboard/{DashboardFiles.Version}/{path}");

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Equal("application/json", reply.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>The page, its styles and every module that it imports at once; what views load later is not among them.</summary>
    [Fact]
    public void FirstView_Compressed_IsSmallAndNamedInThePage()
    {
        var page = System.Text.Encoding.UTF8.GetString(DashboardFiles.All[DashboardFiles.Page].Body.Span);
        var wanted = new Queue<string>(Address().Matches(page).Select(match => match.Groups["path"].Value));
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        wanted = new Queue<string>(wanted.Where(path => !path.EndsWith("js", StringComparison.Ordinal) || path is "app/main.js" or "app/theme.js"));
        while (wanted.TryDequeue(out var path))
        {
            if (!sizes.TryAdd(path, DashboardFiles.All[path].As(DashboardFile.Brotli).Length) || !path.EndsWith("js", StringComparison.Ordinal))
                continue;
            foreach (Match import in Import().Matches(System.Text.Encoding.UTF8.GetString(DashboardFiles.All[path].Body.Span)))
                wanted.Enqueue(new Uri(new Uri("http://x/" + path), import.Groups["path"].Value).AbsolutePath[1..]);
        }

        var told = Address().Matches(page).Select(match => match.Groups["path"].Value).Where(path => path.EndsWith("js", StringComparison.Ordinal));
        Assert.Equal(sizes.Keys.Where(path => path.EndsWith("js", StringComparison.Ordinal)).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("vendor/uplot.mjs", sizes.Keys);
        Assert.DoesNotContain("vendor/dagre.mjs", sizes.Keys);
        Assert.InRange(sizes.Values.Sum(), 1, 60 * 1024);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? accept = null, string? coding = null, string? ifNoneMatch = null, string method = "GET")
    {
        using var client = HttpCalls.NewClient(service.Address, null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in new[] { ("Accept", accept), ("Accept-Encoding", coding), ("If-None-Match", ifNoneMatch) })
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    private static byte[] Unpacked(byte[] body, string? coding)
    {
        using Stream packed = new MemoryStream(body);
        using var stream = coding switch { "br" => new BrotliStream(packed, CompressionMode.Decompress), "gzip" => new GZipStream(packed, CompressionMode.Decompress), _ => packed };
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    [GeneratedRegex(@"/dashboard/\{version\}/(?<path>[\w./-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?:^|\n)(?:import|export)\b[^;]*?\bfrom '(?<path>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Import();
}
