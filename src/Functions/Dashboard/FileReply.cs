using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Dashboard;

/// <summary>Sends a file in the best form that the caller takes, or 304 to one that has it.</summary>
/// <param name="file">Which.</param>
/// <param name="cacheControl">How long it may be kept.</param>
/// <param name="vary">What else than <c>Accept-Encoding</c> decides about the answer.</param>
internal sealed class FileReply(DashboardFile file, string cacheControl, string? vary = null) : IActionResult
{
    /// <summary>May be kept, and is asked for again each time.</summary>
    public const string Revalidated = "no-cache";

    /// <summary>For addresses under which nothing else is ever sent.</summary>
    public const string ForGood = "public, max-age=31536000, immutable";

    // Nothing runs, loads or is framed that does not come from this service: a name that is markup stays text, and a stolen page can send nowhere.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public Task ExecuteResultAsync(ActionContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        var coding = CodingFor(request);
        var etag = file.ETag(coding);
        response.Headers.ETag = etag;
        response.Headers.CacheControl = cacheControl;
        response.Headers.Vary = vary is null ? HeaderNames.AcceptEncoding : $"{vary}, {HeaderNames.AcceptEncoding}";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (Has(request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = file.As(coding);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = file.MediaType;
        response.ContentLength = body.Length;
        if (coding is not null)
            response.Headers.ContentEncoding = coding;
        response.BodyWriter.Write(body.Span);
        return Task.CompletedTask;
    }

    /// <summary>Brotli before gzip before none, as far as the caller takes them.</summary>
    private static string? CodingFor(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptEncoding.OfType<string>()], out var accepted))
            return null;
        return new[] { DashboardFile.Brotli, DashboardFile.Gzip }.FirstOrDefault(coding => accepted.Any(each => each.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && each.Quality is not 0));
    }

    private static bool Has(HttpRequest request, string etag) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out var known)
        && known.Any(each => each.Tag == EntityTagHeaderValue.Any.Tag || each.Tag == etag);
}
