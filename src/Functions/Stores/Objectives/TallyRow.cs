using System.Globalization;
using Headgate.Core.Objectives;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Objectives;

/// <summary>The tallies of one piece of time, of all processes together: <c>{objective}:{plan}={good}/{total}</c>, with blanks between.</summary>
public static class TallyRow
{
    public static TableRow Write(string rowKey, IReadOnlyDictionary<Series, Tally> tallies, string? etag)
    {
        var ordered = tallies.OrderBy(tally => tally.Key.Objective, StringComparer.Ordinal).ThenBy(tally => tally.Key.Plan, StringComparer.Ordinal);
        var text = string.Join(' ', ordered.Select(tally => string.Create(CultureInfo.InvariantCulture, $"{tally.Key.Objective}:{tally.Key.Plan}={tally.Value.Good}/{tally.Value.Total}")));
        return new TableRow(RowKeys.Service, rowKey, new Columns(1) { { "tallies", text } }, etag);
    }

    /// <summary>What can't be read is left out.</summary>
    public static Dictionary<Series, Tally> Read(TableRow row)
    {
        var tallies = new Dictionary<Series, Tally>();
        foreach (var text in (row.Columns.String("tallies") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.Split(':', '=', '/') is [var objective, var plan, var good, var total] && Number(good) is { } goods && Number(total) is { } totals)
                tallies[new(objective, plan)] = new(goods, totals);
        }

        return tallies;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
