using System.Text;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Operations;

/// <summary><c>GET /openapi.json</c></summary>
public static class ReadApiDocument
{
    private static readonly Lazy<byte[]> Document =
        new(() => Encoding.UTF8.GetBytes(ApiDocument.Of(HttpFunction.OfTheApp(), AccessCatalog.OfTheApp()).ToJsonString()));

    [Function("ReadApiDocument"), Public]
    public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        Reply.Bytes(200, Document.Value);
}
