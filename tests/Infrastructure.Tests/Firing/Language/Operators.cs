using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>Comparing and calculating. Texts are compared case by case, but where an operator says otherwise.</summary>
internal static class Operators
{
    public static bool? And(bool? left, bool? right) => left is false || right is false ? false : left is null || right is null ? null : true;

    public static bool? AreEqual(object? left, object? right) => Order(left, right) is { } order ? order == 0 : null;

    public static object? Compare(KustoNode node, object? left, object? right) => Order(left, right) is not { } order ? null : node.Kind switch
    {
        "EqualExpression" => order == 0,
        "GreaterThanExpression" => order > 0,
        "GreaterThanOrEqualExpression" => order >= 0,
        "LessThanExpression" => order < 0,
        "LessThanOrEqualExpression" => order <= 0,
        _ => throw node.Unknown("is another comparison"),
    };

    /// <summary>Whether one text is anywhere in the other, whatever the case of both.</summary>
    public static bool Contains(KustoNode node, object? text, object? part) => (text, part) is (string whole, string sought)
        ? whole.Contains(sought, StringComparison.OrdinalIgnoreCase)
        : throw node.Unknown("is of other values");

    public static object? Calculate(KustoNode node, object? left, object? right) => (node.Kind, left, right) switch
    {
        (_, null, _) or (_, _, null) => null,
        ("MultiplyExpression", double or long, double) or ("MultiplyExpression", double, long) => Real(left) * Real(right),
        ("DivideExpression", double or long, double) or ("DivideExpression", double, long) => Real(left) / Real(right),
        _ => throw node.Unknown($"is of {left} and {right}"),
    };

    public static double Real(object value) => value is long whole ? whole : (double)value;

    /// <returns>Null where either is null.</returns>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (string a, string b) => string.CompareOrdinal(a, b),
        (long a, long b) => a.CompareTo(b),
        (double or long, double or long) => Real(left).CompareTo(Real(right)),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        _ => throw new NotSupportedException($"The evaluator does not compare {left.GetType().Name} with {right.GetType().Name}."),
    };
}
