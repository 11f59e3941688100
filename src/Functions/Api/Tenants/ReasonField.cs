using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.Tenants;

/// <summary>A body with nothing but a <c>reason</c>.</summary>
internal static class ReasonField
{
    public static readonly TextRule Rule = TextRule.Plain(500);

    public static async ValueTask<(string? Reason, Refusal? Refusal)> ReadAsync(HttpRequest request, bool required, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return (null, bad);

        var fields = ObjectReader.Root(body);
        var reason = fields.String("reason", Rule, required);
        fields.End();
        return (reason, fields.Problems.Any ? Refusals.InvalidBody(fields.Problems) : null);
    }
}
