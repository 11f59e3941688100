using System.Net;
using System.Text;
using Azure.Core.Pipeline;

namespace Headgate.Azure.Tests.Wire;

public sealed record SentRequest(string Method, Uri Address, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Stands in for the server: gives the answers in order, the last one repeatedly.</summary>
public sealed class StubServer : HttpMessageHandler
{
    public const string Id = "d3adbeef-0002-0077-4c1b-000000000000";
    private readonly List<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = [];

    public List<SentRequest> Requests { get; } = [];

    public HttpPipelineTransport Transport => new HttpClientTransport(this);

    public StubServer Answer(int status, string? code = null, string body = "", params (string Name, string Value)[] headers) =>
        Then(_ => Task.FromResult(Response(status, code is null ? body : Error(code), headers)));

    public StubServer Then(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Add(answer);
        return this;
    }

    /// <summary>Takes the request and never answers.</summary>
    public StubServer Silence() => Then(async cancelled =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
        throw new InvalidOperationException("The wait has no end.");
    });

    public StubServer Break() => Then(_ => throw new HttpRequestException("The connection broke.", new IOException("reset")));

    /// <summary>A success status with a body that breaks off.</summary>
    public StubServer HalfAnswer(int status = 200) => Then(_ => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status)
    {
        Content = new StreamContent(new BrokenStream()),
    }));

    public static string Error(string code, string sentence = "It is so.") =>
        $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"{{{{sentence}}}}\nRequestId:{{{{Id}}}}"}}}""";

    public static HttpResponseMessage Response(int status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        response.Headers.Add("x-ms-request-id", Id);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        var sent = new SentRequest(
            request.Method.Method, request.RequestUri!, headers, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        return await Take(sent)(cancellationToken);
    }

    private Func<CancellationToken, Task<HttpResponseMessage>> Take(SentRequest request)
    {
        lock (_answers)
        {
            Requests.Add(request);
            return _answers[Math.Min(Requests.Count, _answers.Count) - 1];
        }
    }
}
