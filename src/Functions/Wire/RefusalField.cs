using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

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
