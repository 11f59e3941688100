using Headgate.Storage.Queue.Records;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Tests.Log;

/// <summary>Rows and messages in the tables, as texts to compare.</summary>
internal static class StoreDump
{
    private static readonly string[] s_selects =
    [
        "SELECT 'row ' || tab || ' ' || pk || ' ' || rk || ' ' || version || ' ' || hex(data) FROM rows",
        "SELECT 'message ' || seq || ' ' || queue || ' ' || id || ' ' || hex(body) || ' ' || coalesce(trace, '-') || ' ' || enqueued || ' ' || coalesce(scheduled, '-') || ' ' || deliveries || ' ' || state || ' ' || coalesce(reason, '-') FROM messages",
    ];

    public static List<string> Of(Connection connection)
    {
        var all = new List<string>();
        foreach (var select in s_selects)
        {
            var statement = connection.Prepare(new Sql(select));
            while (statement.Step())
                all.Add(statement.Text(0));
        }

        all.AddRange(MessageIdStatements.Read(connection).Distinct().Select(sent => $"id {sent}"));
        return all;
    }
}
