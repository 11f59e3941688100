using Headgate.Core.Identity;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Http.Wire;

/// <summary>The header <c>Idempotency-Key</c>: 1..255 printable ASCII characters, at most once.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <returns>The key, or null where there is none or <paramref name="refusal"/> is set.</returns>
    public static string? Read(HttpRequest request, out Refusal? refusal)
    {
        refusal = null;
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0)
            return null;
        if (values.Count == 1 && Grammar.IsIdempotencyKey(values[0]))
            return values[0];

        refusal = Refusals.InvalidRequest(Header, "must be 1..255 printable ASCII characters, given once");
        return null;
    }
}
