using System.Globalization;
using System.Text.Json;
using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>Values of expressions. Null makes null of whatever it meets, but for functions that say otherwise.</summary>
/// <param name="now">What <c>ago</c> counts from.</param>
internal sealed class Scalar(DateTime now)
{
    public bool IsTrue(KustoNode node, Row row) => Value(node, row) is true;

    /// <summary>Of one row.</summary>
    public object? Value(KustoNode node, Row row) => Value(node, row, null);

    /// <summary>Of a group of rows: expressions of aggregates.</summary>
    public object? Aggregate(KustoNode node, IReadOnlyList<Row> group) => Value(node, null, group);

    private object? Value(KustoNode node, Row? row, IReadOnlyList<Row>? group)
    {
        object? Of(string role) => Value(node[role], row, group);
        switch (node.Kind)
        {
            case "NameReference":
                return row is not null && row.TryGetValue(node.Name!, out var value) ? value : throw node.Unknown("is no column here");
            case "LongLiteralExpression":
                return long.Parse(node.Value!, CultureInfo.InvariantCulture);
            case "RealLiteralExpression":
                return double.Parse(node.Value!, CultureInfo.InvariantCulture);
            case "TimespanLiteralExpression":
                return TimeSpan.ParseExact(node.Value!, "c", CultureInfo.InvariantCulture);
            case "StringLiteralExpression":
                return node.Value;
            case "SimpleNamedExpression":
                return Value(node.With("Name", "Expression")["Expression"], row, group);
            case "ElementExpression":
                var selector = node.With("Expression", "Selector")["Selector"];
                return Member(node, Of("Expression"), selector.Kind == "BracketedExpression" ? Value(selector.With("Expression")["Expression"], row, group) : null);
            case "AndExpression":
                return Operators.And(Of("Left") as bool?, Of("Right") as bool?);
            case "EqualExpression" or "GreaterThanExpression" or "GreaterThanOrEqualExpression" or "LessThanExpression" or "LessThanOrEqualExpression":
                return Operators.Compare(node.With("Left", "Right"), Of("Left"), Of("Right"));
            case "MultiplyExpression" or "DivideExpression":
                return Operators.Calculate(node.With("Left", "Right"), Of("Left"), Of("Right"));
            case "InExpression":
                return List(node["Right"]).Any(each => Operators.AreEqual(Of("Left"), Value(each, row, group)) is true);
            case "NotInExpression":
                return !List(node["Right"]).Any(each => Operators.AreEqual(Of("Left"), Value(each, row, group)) is true);
            case "ContainsExpression":
                return Operators.Contains(node.With("Left", "Right"), Of("Left"), Of("Right"));
            case "FunctionCallExpression":
                return Called(node, row, group);
            default:
                throw node.Unknown("is another expression");
        }
    }

    private object? Called(KustoNode node, Row? row, IReadOnlyList<Row>? group)
    {
        var (name, arguments) = (node.With("Name", "ArgumentList")["Name"].Name!, List(node["ArgumentList"]));
        if (group is not null && Aggregates.ByName.TryGetValue(name, out var aggregate))
            return aggregate(node, [.. arguments.Select(argument => group.Select(each => Value(argument, each)).ToList())], group.Count);
        var values = arguments.Select(argument => Value(argument, row, group)).ToArray();
        return name == "ago" ? values is [TimeSpan back] ? now - back : throw node.Unknown("has no time") : Functions.Call(node, name, values);
    }

    private static IReadOnlyList<KustoNode> List(KustoNode node) => node.With("Expressions")["Expressions"].Children;

    /// <summary>What a bag does not have is null.</summary>
    private static object? Member(KustoNode node, object? bag, object? name) => (bag, name) switch
    {
        (null, string) => null,
        (JsonElement { ValueKind: JsonValueKind.Object } members, string key) => members.TryGetProperty(key, out var member) ? member : null,
        _ => throw node.Unknown("is no member of a bag by name"),
    };
}
