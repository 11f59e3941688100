using System.Text.Json.Nodes;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Document;

/// <summary><c>GET /openapi.json</c>. Nobody pays for the document before somebody asks for it.</summary>
public static class ReadApiDocument
{
    private static readonly Lazy<StaticReply> Document =
        new(() => StaticReply.Of(System.Text.Encoding.UTF8.GetBytes(ApiDocument.Of(HttpFunction.OfTheApp(), AccessCatalog.OfTheApp()).ToJsonString()), "application/json"));

    [Function("ReadApiDocument"), Public]
    [Does("Read this document"), Headers("If-None-Match"), Answers(200, typeof(JsonObject), "ETag"), Answers(304, null, "ETag")]
    public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) => Document.Value.To(request);
}
