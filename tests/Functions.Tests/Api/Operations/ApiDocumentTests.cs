using System.Reflection;
using System.Text.Json;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Api.Operations;

[Collection("Service")]
public sealed class ApiDocumentTests(Service service)
{
    [Fact]
    public async Task Document_RoutesOfTheApp_TheSame()
    {
        var document = await DocumentAsync();

        var documented = Operations(document).Select(operation => $"{operation.Verb} {operation.Path} {operation.Body.GetProperty("operationId").GetString()}");
        var routed = HttpFunction.OfTheApp().Where(function => !function.AnswersTheRest).SelectMany(function => function.CalledBy.Select(verb => $"{verb} {function.Path} {function.Name}"));

        Assert.Equal(routed.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task Document_PathParameters_AllDeclared()
    {
        foreach (var path in (await DocumentAsync()).GetProperty("paths").EnumerateObject())
        {
            var declared = path.Value.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Select(parameter => $"{{{parameter.GetProperty("name").GetString()}}}")
                : [];
            Assert.Equal(path.Name.Split('/').Where(part => part.StartsWith('{')), declared);
        }
    }

    /// <summary>Whatever stands here is accepted, and nothing else is.</summary>
    [Fact]
    public async Task Document_QueryParameters_AreThoseThatTheFunctionsRead()
    {
        foreach (var (verb, path, body) in Operations(await DocumentAsync()))
        {
            var function = HttpFunction.OfTheApp().Single(function => function.Path == path && function.CalledBy.Contains(verb));
            var declared = body.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!) : [];

            Assert.Equal(function.Method.GetCustomAttribute<QueryAttribute>()?.Names ?? [], declared);
        }
    }

    [Theory]
    [InlineData("get", "/health", true)]
    [InlineData("get", "/openapi.json", true)]
    [InlineData("get", "/", true)]
    [InlineData("get", "/queues", false)]
    [InlineData("post", "/tenants/{tenantId}/runs", false)]
    public async Task Document_PublicRoutes_NeedNoCredentials(string verb, string path, bool open)
    {
        var operation = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(verb);

        Assert.Equal(open, operation.TryGetProperty("security", out _));
    }

    [Fact]
    public async Task Routes_EveryOne_AnswersWithoutCredentialsAsItsRuleSays()
    {
        foreach (var (verb, path, body) in Operations(await DocumentAsync()))
        {
            var concrete = path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            var answer = await service.SendAsync(verb.ToUpperInvariant(), concrete, key: "");

            Assert.Equal(body.TryGetProperty("security", out _) ? 200 : 401, answer.Status);
        }
    }

    private static IEnumerable<(string Verb, string Path, JsonElement Body)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name != "parameters"
        select (operation.Name, path.Name, operation.Value);

    private async Task<JsonElement> DocumentAsync() => (await service.SendAsync("GET", "/openapi.json", key: "")).Body;
}
