namespace Headgate.Functions.Wire;

/// <summary>What a call does, as the document of the calls says it: a few words, beginning with a verb.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DoesAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;
}

/// <summary>The body that a call reads: one of these contracts; none of them: an object without fields.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(params Type[] bodies) : Attribute
{
    public IReadOnlyList<Type> Bodies { get; } = bodies;
}

/// <summary>Request headers that a call reads, besides those that every call does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HeadersAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>An answer that is no refusal. Of one status there may be several: each is another body, or another media type.</summary>
/// <param name="status">HTTP's.</param>
/// <param name="body">A contract; null: no body, or, with another media type than JSON, a text.</param>
/// <param name="headers">Response headers, besides those that every answer has.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AnswersAttribute(int status, Type? body = null, params string[] headers) : Attribute
{
    public int Status { get; } = status;

    public Type? Body { get; } = body;

    public IReadOnlyList<string> Headers { get; } = headers;

    public string MediaType { get; init; } = "application/json";
}

/// <summary>
/// The codes that a call itself refuses with. Those that follow from its access rule, its route or its reading a body are not named. Several may
/// stand in one text, with spaces between.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusesAttribute(params string[] codes) : Attribute
{
    /// <summary>Of whatever goes through the gate.</summary>
    public const string AtTheGate = "tenant-not-found tenant-paused tenant-not-active monthly-limit budget-reached concurrency-limit queue-full busy";

    public IReadOnlyList<string> Codes { get; } = [.. codes.SelectMany(text => text.Split(' '))];

    /// <summary>A field that every refusal of the call may have; null: none.</summary>
    public string? Field { get; init; }
}
