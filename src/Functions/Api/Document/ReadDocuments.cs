using System.Reflection;
using System.Text;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Document;

/// <summary>
/// <c>GET /docs/{page}</c>, <c>/docs/runbooks/{page}</c> and <c>/docs/decisions/{page}</c>: the documents of this build as they are written, so that the path of
/// an alert's runbook leads to it. <c>GET /llms.txt</c> names them all, for programs that read.
/// </summary>
public static class ReadDocuments
{
    private const string Markdown = "text/markdown";
    private const string Plain = "text/plain";
    private const string Folder = "docs/";

    private const string Head = """
        # Headgate

        > Admits runs of many tenants within exact limits, and gets them done by agents. Callers speak HTTP and JSON with a bearer token.

        - [The HTTP contract as OpenAPI 3.1](/openapi.json)

        ## Documents

        """;

    private static readonly Lazy<StaticReply> s_index = new(Index);

    [Function("ReadDocument"), Public]
    [Does("Read a document"), Headers("If-None-Match")]
    [Answers(200, null, "ETag", MediaType = Markdown), Answers(304, null, "ETag"), Refuses("not-found")]
    public static IActionResult Document([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/{page}")] HttpRequest request, string page) =>
        Page(request, page);

    [Function("ReadRunbook"), Public]
    [Does("Read a runbook"), Headers("If-None-Match")]
    [Answers(200, null, "ETag", MediaType = Markdown), Answers(304, null, "ETag"), Refuses("not-found")]
    public static IActionResult Runbook([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/runbooks/{page}")] HttpRequest request, string page) =>
        Page(request, "runbooks/" + page);

    [Function("ReadDecision"), Public]
    [Does("Read the record of a decision"), Headers("If-None-Match")]
    [Answers(200, null, "ETag", MediaType = Markdown), Answers(304, null, "ETag"), Refuses("not-found")]
    public static IActionResult Decision([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/decisions/{page}")] HttpRequest request, string page) =>
        Page(request, "decisions/" + page);

    [Function("ReadDocumentIndex"), Public]
    [Does("List the documents"), Headers("If-None-Match"), Answers(200, null, "ETag", MediaType = Plain), Answers(304, null, "ETag")]
    public static IActionResult List([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "llms.txt")] HttpRequest request) => s_index.Value.To(request);

    private static IActionResult Page(HttpRequest request, string page) =>
        Read(Folder + page) is { } text ? StaticReply.Of(text, Markdown + "; charset=utf-8").To(request) : Reply.Refused(Refusals.RouteNotFound);

    private static byte[]? Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    private static StaticReply Index()
    {
        var text = new StringBuilder(Head);
        var names = Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));
        foreach (var name in names.OrderBy(name => name.Count(letter => letter == '/')).ThenBy(name => name, StringComparer.Ordinal))
            text.Append("- [").Append(TitleOf(name)).Append("](/").Append(name).Append(")\n");
        return StaticReply.Of(Encoding.UTF8.GetBytes(text.ToString()), Plain + "; charset=utf-8");
    }

    private static string TitleOf(string name)
    {
        var text = Encoding.UTF8.GetString(Read(name)!);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return text[..(end < 0 ? text.Length : end)].TrimStart('#', ' ', '\uFEFF').TrimEnd('\r');
    }
}
