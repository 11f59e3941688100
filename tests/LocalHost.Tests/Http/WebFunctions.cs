using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.LocalHost.Tests.Http;

public sealed class WebFunctions
{
    [Function("Hello")]
    public IActionResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name}")] HttpRequest request, string name) =>
        Reply.Bytes(200, System.Text.Encoding.UTF8.GetBytes($"\"{name}\""));

    [Function("PutHello")]
    public IActionResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "hello/{name}")] HttpRequest request, string name) =>
        Reply.NoContent();

    [Function("Upload")]
    public async Task<IActionResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellation)
    {
        var read = 0L;
        var buffer = new byte[64 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellation) is var count and > 0)
            read += count;
        return Reply.Bytes(413, System.Text.Encoding.UTF8.GetBytes($"{read}"));
    }

    [Function("Bug")]
    public IActionResult Bug([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException("a bug");

    [Function("NoStore")]
    public IActionResult NoStore([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new StoreUnavailableException("down", retryAfter: TimeSpan.FromSeconds(7));

    [Function("Trace")]
    public IActionResult Trace([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
        Reply.Bytes(200, System.Text.Encoding.UTF8.GetBytes(context.TraceContext.TraceParent));
}
