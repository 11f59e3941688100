using Headgate.Storage.Sqlite;

namespace Headgate.Engine.Tests.Records;

/// <summary>Orchestrations in the tables, as texts to compare.</summary>
internal static class InstanceDump
{
    private static readonly string[] s_selects =
    [
        "SELECT 'instance ' || id || ' ' || name || ' ' || execution || ' ' || status || ' ' || created || ' ' || updated || ' ' || coalesce(due, '-') || ' ' || coalesce(input, '-') || ' ' || coalesce(output, '-') || ' ' || coalesce(custom_status, '-') || ' ' || coalesce(hex(failure), '-') || ' ' || coalesce(parent_id || parent_name || parent_task || parent_execution, '-') || ' ' || coalesce(tags, '-') FROM durable_instances",
        "SELECT 'turn ' || id || ' ' || turn || ' ' || hex(events) FROM durable_history",
        "SELECT 'event ' || id || ' ' || number || ' ' || execution || ' ' || hex(event) FROM durable_inbox",
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

        return all;
    }
}
