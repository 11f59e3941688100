using Headgate.Infrastructure.Tests.Kusto;

namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>Functions of a group of rows. Nulls are passed over; of nothing a count or a sum is 0 and all else null.</summary>
internal static class Aggregates
{
    /// <summary>Called with the node, a list of values for each argument, and the number of rows.</summary>
    public static readonly IReadOnlyDictionary<string, Func<KustoNode, IReadOnlyList<IReadOnlyList<object?>>, int, object?>> ByName =
        new Dictionary<string, Func<KustoNode, IReadOnlyList<IReadOnlyList<object?>>, int, object?>>(StringComparer.Ordinal)
        {
            ["count"] = (node, arguments, rows) => arguments is [] ? (long)rows : throw node.Unknown("counts something"),
            ["min"] = (_, arguments, _) => Present(arguments.Single()).Min(ValueOrder.Instance),
            ["max"] = (_, arguments, _) => Present(arguments.Single()).Max(ValueOrder.Instance),
            ["sum"] = (node, arguments, _) => Sum(node, arguments.Single()),
            ["sumif"] = (node, arguments, _) => arguments is [var values, var conditions]
                ? Sum(node, values.Zip(conditions).Where(each => each.Second is true).Select(each => each.First))
                : throw node.Unknown("has other arguments"),
            ["percentilew"] = (node, arguments, _) => arguments is [var values, var weights, var percents]
                ? Percentile(values.Zip(weights), percents)
                : throw node.Unknown("has other arguments"),
        };

    private static IEnumerable<object> Present(IEnumerable<object?> values) => values.OfType<object>();

    private static object Sum(KustoNode node, IEnumerable<object?> values) => node.Type switch
    {
        "long" => (object)Present(values).Sum(value => (long)value),
        "real" => Present(values).Sum(Operators.Real),
        _ => throw node.Unknown($"is a {node.Type}"),
    };

    /// <summary>By nearest rank: the least value that so many percent of the weight do not pass. Kusto estimates the rank to within one percent.</summary>
    private static object? Percentile(IEnumerable<(object? Value, object? Weight)> values, IReadOnlyList<object?> percents)
    {
        var ordered = values.Where(each => each is { Value: not null, Weight: not null }).OrderBy(each => each.Value!, ValueOrder.Instance).ToList();
        if (ordered.Count == 0)
            return null;
        var wanted = Operators.Real(percents[0]!) / 100 * ordered.Sum(each => (long)each.Weight!);
        var reached = 0L;
        return ordered.First(each => (reached += (long)each.Weight!) >= wanted).Value;
    }

    private sealed class ValueOrder : IComparer<object>
    {
        public static readonly ValueOrder Instance = new();

        public int Compare(object? x, object? y) => Operators.Order(x, y)!.Value;
    }
}
