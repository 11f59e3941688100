using System.Text.Json.Nodes;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>A named response for each set of codes that a call refuses with under one status.</summary>
internal sealed class ApiRefusals
{
    private const string Refusal = "Refusal";
    private const string Problem = "Problem";
    private const string Detail = "ProblemDetail";

    private readonly SortedDictionary<string, (List<string> Codes, string? Field)> _sets = new(StringComparer.Ordinal);

    /// <summary>References by status, least first.</summary>
    /// <exception cref="InvalidOperationException">Nothing is known of a code.</exception>
    public IEnumerable<(int Status, JsonObject Reference)> Of(IEnumerable<string> codes, string? field) =>
        from code in codes
        group code by Row(code).Status into set
        orderby set.Key
        select (set.Key, new JsonObject { ["$ref"] = $"#/components/responses/{Name([.. set], field)}" });

    public JsonObject Responses()
    {
        var all = new JsonObject();
        foreach (var (name, (codes, _)) in _sets)
        {
            var headers = codes.Select(code => Row(code).Header).OfType<string>().ToList();
            if (codes.Exists(code => Row(code).Retry != RefusalRetry.None))
                headers.Add(ApiHeaders.RetryAfter);
            if (codes.Contains("rate-limited"))
                headers.AddRange(ApiHeaders.Rate);
            all[name] = new JsonObject
            {
                ["description"] = $"Refused: {string.Join(", ", codes)}.",
                ["headers"] = ApiHeaders.References(headers),
                ["content"] = new JsonObject { ["application/json"] = SchemaOf(name), [ProblemJson.MediaType] = SchemaOf(Problem) },
            };
        }

        return all;
    }

    public IEnumerable<KeyValuePair<string, JsonObject>> Schemas()
    {
        yield return new(Detail, new JsonObject
        {
            ["type"] = "object",
            ["description"] = "One thing that is wrong with the request.",
            ["required"] = new JsonArray("path", "message"),
            ["properties"] = new JsonObject { ["path"] = FieldRule.Plain(), ["message"] = FieldRule.Plain() },
        });
        yield return new(Problem, ProblemSchema());
        foreach (var (name, (codes, field)) in _sets)
            yield return new(name, Schema(codes, field));
    }

    private static JsonObject SchemaOf(string name) => new() { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{name}" } };

    private static RefusalRow Row(string code) =>
        RefusalTable.All.GetValueOrDefault(code) ?? throw new InvalidOperationException($"RefusalTable has no row for the code '{code}'.");

    private string Name(List<string> codes, string? field)
    {
        var name = string.Join("Or", codes.Select(Pascal)) + (field is null ? "" : $"With{char.ToUpperInvariant(field[0])}{field[1..]}") + Refusal;
        _sets.TryAdd(name, (codes, field));
        return name;
    }

    private static JsonObject Schema(List<string> codes, string? field)
    {
        var properties = new JsonObject
        {
            ["error"] = new JsonObject { ["type"] = "string", ["description"] = "A short text for people." },
            ["code"] = FieldRule.Words(codes),
            ["requestId"] = FieldRule.Plain(),
        };
        var always = codes.Select(code => FieldsOf(code).Where(each => each.IsAlways).Select(each => each.Name)).Aggregate((one, other) => one.Intersect(other)).ToList();
        foreach (var (name, schema, _) in codes.SelectMany(FieldsOf))
            properties[name] = schema;
        if (field is not null && properties[field] is null)
            properties[field] = FieldRule.Plain();
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. ((string[])["error", "code", "requestId", .. always]).Distinct(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]),
            ["properties"] = properties,
        };
    }

    private static IEnumerable<(string Name, JsonObject Schema, bool IsAlways)> FieldsOf(string code)
    {
        var row = Row(code);
        foreach (var text in row.Fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = text.Trim('#', '?');
            JsonObject schema = name == "details"
                ? new() { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = $"#/components/schemas/{Detail}" } }
                : new() { ["type"] = text[0] == '#' ? "integer" : "string" };
            yield return (name, schema, !text.EndsWith('?'));
        }

        if (row.Retry == RefusalRetry.Told)
            yield return ("retryAfter", new JsonObject { ["type"] = "integer", ["description"] = "Seconds; also in the header Retry-After." }, true);
    }

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["description"] = "A refusal in the form of RFC 9457, with every field of the usual one beside its own; a field status is called state.",
        ["required"] = new JsonArray("type", "title", "status", "detail", "instance", "error", "code", "requestId"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["pattern"] = "^urn:headgate:" },
            ["title"] = FieldRule.Plain(),
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = FieldRule.Plain(),
            ["instance"] = FieldRule.Plain(),
            ["error"] = FieldRule.Plain(),
            ["code"] = FieldRule.Plain(),
            ["requestId"] = FieldRule.Plain(),
        },
        ["additionalProperties"] = true,
    };

    private static string Pascal(string code) => string.Concat(code.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
