using System.Text;
using System.Text.Json;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Functions.Tests.Support;

/// <summary>One request and its answer, without a server.</summary>
internal sealed class Exchange
{
    private readonly MemoryStream _answer = new();

    public Exchange(string method = "GET", string path = "/", string? body = null, params (string Name, string Value)[] route)
        : this(method, path, Encoding.UTF8.GetBytes(body ?? ""), route)
    {
    }

    public Exchange(string method, string path, byte[] body, params (string Name, string Value)[] route)
    {
        Http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_answer));
        Http.TraceIdentifier = "request-1";
        Http.Request.Method = method;
        var parts = path.Split('?', 2);
        Http.Request.Path = parts[0];
        Http.Request.QueryString = new QueryString(parts.Length == 2 ? "?" + parts[1] : "");
        Http.Request.Body = new MemoryStream(body);
        foreach (var (name, value) in route)
            Http.Request.RouteValues[name] = value;
    }

    public DefaultHttpContext Http { get; } = new();

    public int Status => Http.Response.StatusCode;

    public IHeaderDictionary Headers => Http.Response.Headers;

    public Exchange WithKey(string key)
    {
        Http.Request.Headers.Authorization = $"Bearer {key}";
        return this;
    }

    public async Task<string> AnswerAsync(Reply reply)
    {
        reply.Write(Http);
        return await AnswerAsync();
    }

    public async Task<string> AnswerAsync()
    {
        await Http.Response.BodyWriter.FlushAsync();
        return Encoding.UTF8.GetString(_answer.ToArray());
    }

    public async Task<JsonElement> JsonAsync() => JsonElement.Parse(await AnswerAsync());
}
