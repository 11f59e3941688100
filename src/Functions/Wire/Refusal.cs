using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>
/// An answer with a status of 400 or more that the contract foresees. Its JSON body has <c>error</c>, <c>code</c>, <see cref="Fields"/> in
/// their order, <c>retryAfter</c>, <c>details</c> and <c>requestId</c>; what is null is left out.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable; callers branch on it.</param>
/// <param name="Error">Short text for people.</param>
public sealed record Refusal(int Status, string Code, string Error)
{
    /// <summary>Seconds until another try makes sense; sets the header <c>Retry-After</c> too.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>False if only the header tells <see cref="RetryAfter"/>, as the contract has it for some codes.</summary>
    public bool RetryAfterInBody { get; init; } = true;

    /// <summary>Every problem of the request, for <c>invalid-request</c>; null for other codes.</summary>
    public IReadOnlyList<Problem>? Details { get; init; }

    /// <summary>The fields that this code has in the body: string, int, long, double, bool or null.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];

    /// <summary>Response headers besides <c>Retry-After</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public Refusal With(string field, object? value) => this with { Fields = [.. Fields, new(field, value)] };

    public Refusal WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}

/// <summary>
/// A field that is added to whatever refusal this request ends with, also one that a middleware makes: a store that can't be reached, a bug.
/// The gateway's calls add <c>tenantId</c> so.
/// </summary>
/// <param name="Name">As callers read it.</param>
public sealed record RefusalField(string Name, string Value)
{
    /// <param name="value">Null where it is not known; nothing is added then.</param>
    public static void Add(HttpContext http, string name, string? value)
    {
        if (value is not null)
            http.Features.Set(new RefusalField(name, value));
    }

    /// <summary>The refusal with the request's own field, unless it has it.</summary>
    internal static Refusal Complete(HttpContext http, Refusal refusal) =>
        http.Features.Get<RefusalField>() is { } field && refusal.Fields.All(present => present.Key != field.Name)
            ? refusal.With(field.Name, field.Value)
            : refusal;
}
