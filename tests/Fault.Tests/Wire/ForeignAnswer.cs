using Microsoft.AspNetCore.Http;

namespace Headgate.Fault.Tests.Wire;

/// <summary>What a proxy, a load balancer or a host that is being deployed says in the service's place: never a body of the service's.</summary>
/// <param name="RetryAfter">In seconds; null where it does not ask for a pause.</param>
internal sealed record ForeignAnswer(int Status, string Body, string Type = "text/html", int? RetryAfter = null)
{
    /// <summary>A header by which callers of this project know it. The real agent knows nothing of it.</summary>
    public const string Mark = "X-Foreign-Answer";

    /// <summary>Where a redirect leads: nobody may follow.</summary>
    public const string Elsewhere = "/signed-out";

    public static IReadOnlyList<ForeignAnswer> All { get; } =
    [
        new(302, ""), new(307, ""), new(200, Page("Welcome")), new(200, "", "application/json"), new(200, "{}", "application/json"), new(204, ""),
        new(400, Page("Bad Request")), new(401, Page("Authorization Required")), new(403, Page("Forbidden")), new(404, Page("Not Found")), new(404, ""),
        new(404, """{"message":"no Route matched with those values"}""", "application/json"), new(409, Page("Conflict")), new(410, Page("Gone")),
        new(413, Page("Request Entity Too Large")), new(429, Page("Too Many Requests"), RetryAfter: 1), new(500, Page("Internal Server Error")),
        new(502, Page("Bad Gateway")), new(503, Page("Service Unavailable"), RetryAfter: 1), new(504, Page("Gateway Time-out")),
    ];

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.Headers[Mark] = "1";
        if (Status is 302 or 307)
            response.Headers.Location = Elsewhere;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = $"{seconds}";
        if (Status == 204)
            return;
        response.ContentType = Type;
        await response.WriteAsync(Body);
    }

    private static string Page(string title) => $"<html><head><title>{title}</title></head><body><h1>{title}</h1><hr>gateway</body></html>";
}
