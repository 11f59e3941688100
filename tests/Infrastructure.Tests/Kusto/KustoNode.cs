namespace Headgate.Infrastructure.Tests.Kusto;

/// <summary>A part of a query, as the language service parsed it.</summary>
/// <param name="Kind">Of the language's grammar, <c>FilterOperator</c>.</param>
/// <param name="Role">What it is to its parent, <c>Condition</c>; empty in a list.</param>
/// <param name="Text">As it stands in the query.</param>
/// <param name="Name">Of what it names, where it is a name.</param>
/// <param name="Value">Of a literal: a text without its quotes, a number, or a time in .NET's constant format.</param>
/// <param name="Type">Of its result, where that is a scalar.</param>
/// <param name="Columns">Of its result, where that is a table.</param>
/// <param name="Children">Without keywords and punctuation.</param>
internal sealed record KustoNode(
    string Kind, string Role, string Text, string? Name, string? Value, string? Type, IReadOnlyList<string>? Columns, IReadOnlyList<KustoNode> Children)
{
    /// <exception cref="NotSupportedException">It has none.</exception>
    public KustoNode this[string role] => Find(role) ?? throw Unknown($"has no {role}");

    public KustoNode? Find(string role) => Children.FirstOrDefault(child => child.Role == role);

    /// <summary>Itself, which has no child but these: what is not looked at must not be there.</summary>
    /// <exception cref="NotSupportedException">It has another.</exception>
    public KustoNode With(params IEnumerable<string> roles) =>
        Children.FirstOrDefault(child => !roles.Contains(child.Role) && child is not { Kind: "List", Children.Count: 0 }) is { } other
            ? throw Unknown($"has the {other.Role} '{other.Text}'")
            : this;

    public NotSupportedException Unknown(string why) => new($"The evaluator does not know this {Kind}, which {why}: {Text}");
}
