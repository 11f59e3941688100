using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Http;

public sealed class HttpEdgeTests
{
    [Theory]
    [InlineData("/hello/ada")]
    [InlineData("/HELLO/ada/")]
    [InlineData("/hello///ada")]
    [InlineData("/x/../hello/./ada")]
    public async Task Get_WaysToWriteOnePath_ReachTheFunction(string path)
    {
        await using var web = await WebFixture.StartAsync();

        Assert.Equal("\"ada\"", await web.Client.GetStringAsync(new Uri(path, UriKind.Relative)));
    }

    [Fact]
    public async Task Get_RoutePrefix_IsPartOfTheRoute()
    {
        await using var web = await WebFixture.StartAsync("api");

        Assert.Equal("\"ada\"", await web.Client.GetStringAsync(new Uri("/api/hello/ada", UriKind.Relative)));
        using var bare = await web.Client.GetAsync(new Uri("/hello/ada", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
    }

    [Fact]
    public async Task Get_UnknownRoute_AnswersNotFoundBody()
    {
        await using var web = await WebFixture.StartAsync();

        using var response = await web.Client.GetAsync(new Uri("/nowhere", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await AssertErrorAsync(response, "not-found");
    }

    [Fact]
    public async Task Delete_RouteWithOtherMethods_AnswersAllow()
    {
        await using var web = await WebFixture.StartAsync();

        using var response = await web.Client.DeleteAsync(new Uri("/hello/ada", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "PUT"], response.Content.Headers.Allow.Order());
        await AssertErrorAsync(response, "method-not-allowed");
    }

    [Theory]
    [InlineData("/bug", 500, "internal-error")]
    [InlineData("/nostore", 503, "store-unavailable")]
    public async Task Get_FunctionThrows_AnswersErrorBody(string path, int status, string code)
    {
        await using var web = await WebFixture.StartAsync();

        using var response = await web.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
        await AssertErrorAsync(response, code);
    }

    [Fact]
    public async Task Post_BodyOfFourMebibytes_ReachesTheFunction()
    {
        await using var web = await WebFixture.StartAsync();
        using var body = new ByteArrayContent(new byte[(4 * 1024 * 1024) + 1]);

        using var response = await web.Client.PostAsync(new Uri("/upload", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("4194305", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_CallersTraceAndRequestId_GoOnAndComeBack()
    {
        await using var web = await WebFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/trace");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("X-Request-Id", "mine");

        using var response = await web.Client.SendAsync(request);

        var trace = Single(response.Headers, "traceparent");
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", trace, StringComparison.Ordinal);
        Assert.Equal(trace, await response.Content.ReadAsStringAsync());
        Assert.Equal("mine", Single(response.Headers, "X-Request-Id"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/hello/ada")]
    [InlineData("/nowhere")]
    [InlineData("/bug")]
    public async Task Get_LogNotFlushed_AnswerWaits(string path)
    {
        await using var web = await WebFixture.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        web.Flushed = () =>
        {
            asked.TrySetResult();
            return new ValueTask(flushed.Task);
        };

        var answer = web.Client.GetAsync(new Uri(path, UriKind.Relative));
        await asked.Task.WaitAsync(Patience.Limit);

        Assert.False(answer.IsCompleted);
        flushed.SetResult();
        (await answer.WaitAsync(Patience.Limit)).Dispose();
    }

    [Fact]
    public async Task Get_LogRefused_AnswersStoreUnavailable()
    {
        await using var web = await WebFixture.StartAsync();
        var calls = 0;
        web.Flushed = () => calls++ == 0
            ? ValueTask.FromException(new Headgate.Ports.StoreUnavailableException("disk"))
            : ValueTask.CompletedTask;

        using var response = await web.Client.GetAsync(new Uri("/hello/ada", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        await AssertErrorAsync(response, "store-unavailable");
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, string code)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, body.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(body.RootElement.GetProperty("error").GetString()!);
        Assert.Equal(Single(response.Headers, "X-Request-Id"), body.RootElement.GetProperty("requestId").GetString());
        Assert.NotEmpty(Single(response.Headers, "traceparent"));
    }

    private static string Single(HttpResponseHeaders headers, string name) => Assert.Single(headers.GetValues(name));
}
