using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.Functions.Api.Document;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Api.Operations;

[Collection("Service")]
public sealed partial class ApiDocumentTests(Service service)
{
    private static readonly string[] s_withBody = ["post", "put", "patch"];

    private static readonly JsonObject s_document = ContractCheck.Document;

    [Fact]
    public void Document_RoutesOfTheApp_TheSame()
    {
        var documented = Operations().Select(operation => $"{operation.Verb} {operation.Path} {operation.Body["operationId"]}");
        var routed = HttpFunction.OfTheApp().Where(function => !function.AnswersTheRest).SelectMany(function => function.CalledBy.Select(verb => $"{verb} {function.Path} {function.Name}"));

        Assert.Equal(routed.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        Assert.Equal("3.1.0", (string?)s_document["openapi"]);
    }

    /// <summary>Beside <c>[Function]</c> stand <c>[Does("…"), Answers(200, typeof(…))]</c>, and <c>Takes</c> where a body is read.</summary>
    [Fact]
    public void Functions_EachOne_DeclareWhatTheyDoTakeAndAnswer()
    {
        var silent =
            from function in HttpFunction.OfTheApp()
            where !function.AnswersTheRest
            from lacks in (string?[])
            [
                function.Method.GetCustomAttribute<DoesAttribute>() is null ? "[Does(\"…\")]" : null,
                function.Method.GetCustomAttributes<AnswersAttribute>().Any() ? null : "[Answers(200, typeof(…))]",
                function.Verbs.Intersect(s_withBody).Any() && function.Method.GetCustomAttribute<TakesAttribute>() is null ? "[Takes(typeof(…))]" : null,
            ]
            where lacks is not null
            select $"{function.Name} needs {lacks} beside [Function]";

        Assert.Empty(silent);
    }

    [Fact]
    public void Functions_ParametersAndHeaders_AreDescribed()
    {
        var functions = HttpFunction.OfTheApp().ToList();

        Assert.Empty(functions.SelectMany(function => function.Method.GetCustomAttribute<QueryAttribute>()?.Names ?? []).Except(ApiParameters.Known));
        Assert.Empty(functions.SelectMany(function => function.Method.GetCustomAttribute<HeadersAttribute>()?.Names ?? []).Except(ApiHeaders.KnownOfRequests));
        Assert.Empty(functions.SelectMany(function => function.Method.GetCustomAttributes<AnswersAttribute>()).SelectMany(answer => answer.Headers).Except(ApiHeaders.KnownOfAnswers));
    }

    [Fact]
    public void RefusalTable_CodesOfTheSources_AreAllThere()
    {
        var sources = Directory.EnumerateFiles(RepositoryFiles.At("src/Functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToList();
        var known = RefusalTable.All.Select(row => $"{row.Value.Status} {row.Key}").ToHashSet(StringComparer.Ordinal);

        var refused = sources.SelectMany(text => Refusals().Matches(text)).Select(match => $"{match.Groups["status"].Value} {match.Groups["code"].Value}").ToHashSet(StringComparer.Ordinal);
        var absent = sources.SelectMany(text => NotFound().Matches(text)).Select(match => $"404 {match.Groups["code"].Value}").ToHashSet(StringComparer.Ordinal);

        Assert.True(refused.Count > 30 && absent.Count > 8, "The sources were not understood.");
        Assert.Empty(refused.Concat(absent).Except(known));
    }

    [Fact]
    public void Document_References_LeadSomewhere()
    {
        var check = new SchemaCheck(s_document);

        Assert.All(All(s_document).OfType<JsonObject>().Where(node => node["$ref"] is JsonValue), node => Assert.NotNull(check.Resolve(node)));
    }

    [Fact]
    public void Examples_OfEverySchema_AreThereAndFit()
    {
        var check = new SchemaCheck(s_document);
        var schemas = s_document["components"]!["schemas"]!.AsObject();
        var bodies = Operations().SelectMany(operation => All(operation.Body)).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>()
            .Where(reference => reference.StartsWith("#/components/schemas/", StringComparison.Ordinal)).Select(reference => reference.Split('/')[^1]).Distinct(StringComparer.Ordinal);

        Assert.Empty(bodies.Where(name => schemas[name]!["examples"] is null).Select(name => $"{name} has no sample in tests/Contracts.Tests/Frozen"));
        Assert.Empty(schemas.SelectMany(schema => (schema.Value!["examples"]?.AsArray() ?? []).SelectMany(example => check.Problems(example, schema.Value)).Select(problem => $"{schema.Key} {problem}")));
    }

    [Fact]
    public void Document_PathParameters_AllDeclared()
    {
        foreach (var (path, operations) in s_document["paths"]!.AsObject())
        {
            var declared = operations!["parameters"]?.AsArray().Select(parameter => $"{{{parameter!["name"]}}}") ?? [];
            Assert.Equal(path.Split('/').Where(part => part.StartsWith('{')), declared);
        }
    }

    /// <summary>Whatever stands here is accepted, and nothing else is.</summary>
    [Fact]
    public void Document_QueryParameters_AreThoseThatTheFunctionsRead()
    {
        foreach (var (verb, path, body) in Operations())
        {
            var function = HttpFunction.OfTheApp().Single(function => function.Path == path && function.CalledBy.Contains(verb));
            var declared = body["parameters"]?.AsArray().Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => (string)parameter!["name"]!) ?? [];

            Assert.Equal(function.Method.GetCustomAttribute<QueryAttribute>()?.Names ?? [], declared);
        }
    }

    /// <summary>Every code that a table of docs/http.md gives to a call is one that the document gives to it.</summary>
    [Fact]
    public void Document_RefusalsInHttpMarkdown_AreItsOwn()
    {
        var check = new SchemaCheck(s_document);
        var missing =
            from line in RepositoryFiles.Read("docs/http.md").Split('\n')
            where line.StartsWith("| `", StringComparison.Ordinal)
            let calls = Calls().Matches(line.Split('|')[1]).Select(match => (Verb: match.Groups["verb"].Value.ToLowerInvariant(), Path: match.Groups["path"].Value)).ToList()
            from Match word in Words().Matches(line)
            let code = word.Groups["word"].Value
            where calls.Count > 0 && RefusalTable.All.ContainsKey(code)
            where !calls.Exists(call => s_document["paths"]![call.Path]?[call.Verb] is { } operation && CodesOf(check, operation).Contains(code))
            select $"{code} of {string.Join(", ", calls)}";

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("get", "/health", true)]
    [InlineData("get", "/openapi.json", true)]
    [InlineData("get", "/", true)]
    [InlineData("get", "/queues", false)]
    [InlineData("post", "/tenants/{tenantId}/runs", false)]
    public void Document_PublicRoutes_NeedNoCredentials(string verb, string path, bool open) =>
        Assert.Equal(open, s_document["paths"]![path]![verb]!.AsObject().ContainsKey("security"));

    [Fact]
    public async Task Routes_EveryOne_AnswersWithoutCredentialsAsItsRuleSays()
    {
        foreach (var (verb, path, body) in Operations())
        {
            var concrete = path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            var answer = await service.SendAsync(verb.ToUpperInvariant(), concrete, key: "");

            // No document is called as the parameter is.
            Assert.Equal(body["security"] is null ? 401 : path.Contains("{page}", StringComparison.Ordinal) ? 404 : 200, answer.Status);
        }
    }

    [Fact]
    public async Task Served_Document_IsTheOneThatTestsHoldTheServiceTo()
    {
        var served = await service.SendAsync("GET", "/openapi.json", key: "");

        Assert.True(JsonNode.DeepEquals(s_document, JsonNode.Parse(served.Body.GetRawText())));
        Assert.NotEmpty(served.ETag);
    }

    private static IEnumerable<(string Verb, string Path, JsonNode Body)> Operations() =>
        from path in s_document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key != "parameters"
        select (operation.Key, path.Key, operation.Value);

    private static IEnumerable<string> CodesOf(SchemaCheck check, JsonNode operation) =>
        from response in operation["responses"]!.AsObject()
        where response.Value!["$ref"] is not null
        let schema = check.Resolve(check.Resolve(response.Value)!["content"]!["application/json"]!["schema"])
        from code in schema["properties"]!["code"]!["enum"]!.AsArray()
        select (string)code!;

    private static IEnumerable<JsonNode> All(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => All(field.Value)).Prepend(fields),
        JsonArray items => items.SelectMany(All),
        null => [],
        _ => [node],
    };

    [GeneratedRegex("""new(?: Refusal)?\((?<status>[45]\d\d), "(?<code>[a-z-]+)",""", RegexOptions.ExplicitCapture)]
    private static partial Regex Refusals();

    [GeneratedRegex("""NotFound\("[A-Z][a-z ]+", "(?<code>[a-z-]+)",""", RegexOptions.ExplicitCapture)]
    private static partial Regex NotFound();

    [GeneratedRegex("`(?<verb>[A-Z]+) (?<path>/[^ `?]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Calls();

    [GeneratedRegex("`(?<word>[a-z-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
