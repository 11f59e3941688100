using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>
/// Answers a query over tables in memory as Kusto's documentation tells, for the operators and functions that rules and workbook use.
/// Anything else is refused with <see cref="NotSupportedException"/>, never passed over.
/// https://learn.microsoft.com/kusto/query/
/// </summary>
internal sealed class Query(KustoNode tree)
{
    /// <param name="tables">By name.</param>
    /// <param name="now">What <c>ago</c> counts from.</param>
    public IReadOnlyList<Row> Answer(IReadOnlyDictionary<string, IReadOnlyList<Row>> tables, DateTime now)
    {
        var statements = tree.With("Statements")["Statements"];
        return statements.Children is [{ Kind: "ExpressionStatement" } only]
            ? [.. Table(only.With("Expression")["Expression"], tables, new Scalar(now))]
            : throw statements.Unknown("is not one expression");
    }

    private static IEnumerable<Row> Table(KustoNode node, IReadOnlyDictionary<string, IReadOnlyList<Row>> tables, Scalar scalar) => node.Kind switch
    {
        "NameReference" => tables.TryGetValue(node.Name!, out var rows) ? rows : throw node.Unknown("is no table here"),
        "PipeExpression" => Operator(node.With("Expression", "Operator")["Operator"], Table(node["Expression"], tables, scalar), scalar),
        _ => throw node.Unknown("is no table"),
    };

    private static IEnumerable<Row> Operator(KustoNode node, IEnumerable<Row> rows, Scalar scalar) => node.Kind switch
    {
        "FilterOperator" => rows.Where(row => scalar.IsTrue(node.With("Condition")["Condition"], row)),
        "ProjectOperator" => rows.Select(row => Named(node.Columns!, Values(node.With("Expressions")["Expressions"], scalar, row))),
        "ExtendOperator" => rows.Select(row => Extended(node.With("Expressions")["Expressions"], scalar, row)),
        "SummarizeOperator" => Summarized(node.With("Aggregates", "ByClause"), [.. rows], scalar),
        _ => throw node.Unknown("is another operator"),
    };

    private static Row Extended(KustoNode expressions, Scalar scalar, Row row)
    {
        var extended = Named(row.Keys, row.Values);
        foreach (var each in expressions.Children)
        {
            var name = each.Kind == "SimpleNamedExpression" ? each["Name"].Name! : throw each.Unknown("has no name");
            extended[name] = scalar.Value(each, row);
        }

        return extended;
    }

    /// <summary>Without groups there is one row, whatever the table; with groups a row for each that has rows.</summary>
    private static IEnumerable<Row> Summarized(KustoNode node, IReadOnlyList<Row> rows, Scalar scalar)
    {
        if (node.Find("ByClause") is not { } by)
            return [Named(node.Columns!, Aggregated(node["Aggregates"], scalar, rows))];
        var keys = by.With("Expressions")["Expressions"];
        return rows.GroupBy(row => Values(keys, scalar, row).ToArray(), KeyComparer.Instance)
            .Select(group => Named(node.Columns!, group.Key.Concat(Aggregated(node["Aggregates"], scalar, [.. group]))));
    }

    private static IEnumerable<object?> Values(KustoNode expressions, Scalar scalar, Row row) => expressions.Children.Select(each => scalar.Value(each, row));

    private static IEnumerable<object?> Aggregated(KustoNode expressions, Scalar scalar, IReadOnlyList<Row> group) =>
        expressions.Children.Select(each => scalar.Aggregate(each, group));

    private static Row Named(IReadOnlyCollection<string> columns, IEnumerable<object?> values)
    {
        var (row, all) = (new Row(), values.ToList());
        if (all.Count != columns.Count)
            throw new NotSupportedException($"There are {all.Count} values for the columns {string.Join(", ", columns)}.");
        foreach (var (name, value) in columns.Zip(all))
            row[name] = value;
        return row;
    }

    private sealed class KeyComparer : IEqualityComparer<object?[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(object?[]? x, object?[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(object?[] key) => key.Aggregate(0, HashCode.Combine);
    }
}
