using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Headgate.Functions.Api.Document;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.TestKit.Wire;

/// <summary>Holds answers to the document that the service gives of itself: status, headers, media type, and every field of the body.</summary>
public static class ContractCheck
{
    private static readonly string[] s_told = ["Location", "ETag", "Retry-After", "Idempotency-Replayed", "Preference-Applied", "WWW-Authenticate", "RateLimit", "RateLimit-Policy"];

    private static readonly Lazy<JsonObject> s_document = new(() => ApiDocument.Of(HttpFunction.OfTheApp(), AccessCatalog.OfTheApp()));

    private static readonly Lazy<(string[] Path, JsonObject Operations)[]> s_paths = new(() =>
        [.. s_document.Value["paths"]!.AsObject().Select(path => (path.Key.Split('/'), path.Value!.AsObject())).OrderBy(path => path.Item1.Count(part => part.StartsWith('{')))]);

    public static JsonObject Document => s_document.Value;

    /// <summary>Fails where an answer is otherwise than the document says. Answers of no call of the contract, and those that the service did not give, pass.</summary>
    public static void Holds(HttpResponseMessage answer, string text)
    {
        var request = answer.RequestMessage!;
        if (!answer.Headers.Contains("X-Request-Id") || Operation(request) is not { } operation)
            return;
        var problems = Problems(operation, answer, text, request.Method == HttpMethod.Head);
        if (problems.Count > 0)
            Assert.Fail($"{request.Method} {request.RequestUri!.PathAndQuery} was answered {(int)answer.StatusCode}, which the document does not say so:\n{string.Join('\n', problems)}\n{text}");
    }

    private static JsonObject? Operation(HttpRequestMessage request)
    {
        var parts = request.RequestUri!.AbsolutePath.Split('/');
        var found = s_paths.Value.FirstOrDefault(path => path.Path.Length == parts.Length && path.Path.Zip(parts).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0)));
        var method = request.Method == HttpMethod.Head ? "get" : request.Method.Method.ToLowerInvariant();
        return found.Operations?[method]?.AsObject();
    }

    private static List<string> Problems(JsonObject operation, HttpResponseMessage answer, string text, bool isHead)
    {
        var check = new SchemaCheck(s_document.Value);
        if (check.Resolve(operation["responses"]![((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)]) is not JsonObject response)
            return [$"it has {string.Join(", ", operation["responses"]!.AsObject().Select(each => each.Key))}"];
        var headers = response["headers"]?.AsObject() ?? [];
        List<string> problems = [.. s_told.Where(name => answer.Headers.NonValidated.Contains(name) && !headers.ContainsKey(name)).Select(name => $"the header {name} is not in the document")];
        var media = MediaTypeHeaderValue.TryParse(answer.Content.Headers.ContentType?.ToString(), out var type) ? type.MediaType! : "";
        if (response["content"] is not JsonObject content)
            return text.Length == 0 ? problems : [.. problems, "it has no body in the document"];
        if (content[media] is not JsonObject body)
            return [.. problems, $"its media type is '{media}', in the document {string.Join(", ", content.Select(each => each.Key))}"];
        if (!isHead && media.EndsWith("json", StringComparison.Ordinal) && !media.StartsWith("application/x-", StringComparison.Ordinal))
            problems.AddRange(check.Problems(JsonNode.Parse(text), body["schema"]));
        return problems;
    }
}
