using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Wire;

/// <summary>Bytes that are the same until the next build. A caller that has them is told so: 304.</summary>
public sealed class StaticReply
{
    private readonly byte[] _body;
    private readonly string _mediaType;
    private readonly EntityTagHeaderValue _etag;

    private StaticReply(byte[] body, string mediaType)
    {
        (_body, _mediaType) = (body, mediaType);
        _etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"");
    }

    public static StaticReply Of(byte[] body, string mediaType) => new(body, mediaType);

    public IActionResult To(HttpRequest request)
    {
        var known = request.Headers.IfNoneMatch;
        return known.Count > 0 && EntityTagHeaderValue.TryParseList(known, out var etags) && etags.Any(each => each.Tag == "*" || each.Compare(_etag, useStrongComparison: false))
            ? new Answer(304, default, _mediaType, _etag)
            : new Answer(200, _body, _mediaType, _etag);
    }

    private sealed class Answer(int status, ReadOnlyMemory<byte> body, string mediaType, EntityTagHeaderValue etag) : IActionResult
    {
        public async Task ExecuteResultAsync(ActionContext context)
        {
            var response = context.HttpContext.Response;
            response.StatusCode = status;
            response.Headers.CacheControl = "no-cache";
            response.Headers.ETag = etag.ToString();
            if (status == StatusCodes.Status304NotModified)
                return;
            response.ContentType = mediaType;
            response.ContentLength = body.Length;
            response.Headers.XContentTypeOptions = "nosniff";
            if (!HttpMethods.IsHead(context.HttpContext.Request.Method))
                await response.Body.WriteAsync(body, context.HttpContext.RequestAborted);
        }
    }
}
