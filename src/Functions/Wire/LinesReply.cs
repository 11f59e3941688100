using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Headgate.Functions.Wire;

/// <summary>A list of any length as lines of JSON, each sent as it is read.</summary>
public static class LinesReply
{
    public const string MediaType = "application/x-ndjson";
}

/// <param name="items">Read while they are sent: what fails on the way cuts the answer short, and its last line may be half.</param>
/// <param name="type">How each is written.</param>
public sealed class LinesReply<T>(IAsyncEnumerable<T> items, JsonTypeInfo<T> type) : IActionResult
{
    private static readonly byte[] s_end = [(byte)'\n'];

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.CacheControl = "no-store";
        response.ContentType = LinesReply.MediaType;
        if (HttpMethods.IsHead(context.HttpContext.Request.Method))
            return;
        var leaving = context.HttpContext.RequestAborted;
        await foreach (var item in items.WithCancellation(leaving))
        {
            await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(item, type), leaving);
            await response.Body.WriteAsync(s_end, leaving);
        }
    }
}
