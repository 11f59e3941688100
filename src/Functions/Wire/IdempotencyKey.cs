using Headgate.Core.Identity;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>The header <c>Idempotency-Key</c>: 1..255 printable ASCII characters, at most once.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <returns>The key, or null where there is none or it is a problem.</returns>
    public static string? Read(HttpRequest request, Problems problems)
    {
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0)
            return null;
        if (values.Count == 1 && Grammar.IsIdempotencyKey(values[0]))
            return values[0];

        problems.Add(Header, "must be 1..255 printable ASCII characters, given once");
        return null;
    }
}
