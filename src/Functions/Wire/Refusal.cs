using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>
/// An expected "no", as the caller reads it: <c>error</c>, <c>code</c>, the fields in the order given,
/// <c>retryAfter</c>, <c>details</c>, <c>requestId</c>.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable; callers branch on it.</param>
/// <param name="Error">Short text for people.</param>
public sealed record Refusal(int Status, string Code, string Error)
{
    /// <summary>Seconds until another try makes sense; sets the header <c>Retry-After</c> too.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>False where the time goes into the header alone.</summary>
    public bool RetryAfterInBody { get; init; } = true;

    /// <summary>Every problem of what was sent.</summary>
    public IReadOnlyList<Problem>? Details { get; init; }

    /// <summary>Further fields: string, int, long, double, bool or null.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];

    /// <summary>Further response headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public Refusal With(string field, object? value) => this with { Fields = [.. Fields, new(field, value)] };

    public Refusal WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}

/// <summary>
/// A field that every refusal of a request carries from now on, whoever refuses it: the function, or what stands around it when a store is
/// away or a bug shows.
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
