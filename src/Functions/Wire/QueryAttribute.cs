namespace Headgate.Functions.Wire;

/// <summary>
/// The query parameters that an HTTP function reads. Every other one is refused; a function without the attribute has none. The function
/// tells those that were refused with whatever else is wrong.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryAttribute(params string[] names) : Attribute
{
    public const string Limit = "limit";
    public const string After = "after";

    public IReadOnlyList<string> Names { get; } = names;
}
