using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Functions.Wire;

namespace Headgate.Worker.Tests.Http;

/// <summary>The app's routes as the Functions host and the worker's own web server, one behind the other, take them.</summary>
public class RouteTests(ContractHost ground) : IClassFixture<ContractHost>
{
    public static TheoryData<string> Functions => [.. HttpFunction.OfTheApp().Select(function => function.Name)];

    /// <summary>With a credential that no key has: whoever answers has been reached, and nothing has been done.</summary>
    [SuiteTheory, MemberData(nameof(Functions))]
    public async Task Route_OfEachFunction_LeadsToItOnBothServers(string name)
    {
        var function = HttpFunction.OfTheApp().Single(function => function.Name == name);
        var path = function.Path.Replace("{*path}", "no/such/route", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        HttpStatusCode? expected = name switch
        {
            // What it answers depends on whether the queue is there.
            "Ready" => null,
            "ZUnknownRoute" or "DashboardFile" => HttpStatusCode.NotFound,
            "Health" or "Info" or "ReadApiDocument" or "ReadDocumentIndex" => HttpStatusCode.OK,
            // Nothing is written under the name of the parameter.
            "ReadDocument" or "ReadRunbook" or "ReadDecision" => HttpStatusCode.NotFound,
            _ => HttpStatusCode.Unauthorized,
        };
        using var nobody = ground.Host.NewClient(null);

        foreach (var verb in function.Verbs.DefaultIfEmpty("get"))
        {
            var reply = await nobody.CallAsync(verb.ToUpperInvariant(), path);

            Assert.Equal(name, reply.Message.Headers.GetValues(Host.HttpFront.FunctionHeader).Single());
            Assert.Equal(expected ?? reply.Status, reply.Status);
            Assert.NotEmpty(reply.Message.Headers.GetValues("X-Request-Id").Single());
        }
    }

    [SuiteTheory]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/tenants/a/b/c")]
    [InlineData("POST", "/api/tenants")]
    [InlineData("GET", "/favicon.ico")]
    [InlineData("DELETE", "/tenants")]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/health")]
    [InlineData("BREW", "/tenants")]
    public async Task Route_ThatNoFunctionHas_Is404WithTheErrorBody(string method, string path)
    {
        using var nobody = ground.Host.NewClient(null);

        var reply = await nobody.CallAsync(method, path);

        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (reply.Status, reply.Code));
        Assert.Equal(["error", "code", "requestId"], reply.Body!.AsObject().Select(field => field.Key));
        Assert.Equal((string?)reply.Body["requestId"], reply.Message.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("application/json", reply.Message.Content.Headers.ContentType?.MediaType);
    }

    [SuiteFact]
    public async Task Document_OfTheCalls_NamesTheRootAndNoCatchAll()
    {
        var paths = (await ground.Client.ReadAsync("/openapi.json")).Body!["paths"]!.AsObject();

        Assert.NotNull(paths["/"]!["get"]);
        Assert.DoesNotContain(paths, path => path.Key.Contains('*', StringComparison.Ordinal));
        Assert.Equal(HttpFunction.OfTheApp().Count(function => !function.AnswersTheRest), paths.Sum(path => ((JsonObject)path.Value!).Count(operation => operation.Key != "parameters")));
    }
}
