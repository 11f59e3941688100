using System.Globalization;
using System.Reflection;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Sqlite;

public sealed class MigrationsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Open_OfAFileWithTablesByKey_KeepsWhatEachOfThemHolds()
    {
        string[] filling =
        [
            "INSERT INTO rows VALUES (2, 'p', 'b', 7, x'01'), (2, 'p', 'a', 8, x'0203')",
            "INSERT INTO durable_instances VALUES ('i', 'Name', 1, 2, 3, 4, 5, 'in', 'out', 'status', x'06', 'parent', 'Parent', 7, 8, '{}')",
            "INSERT INTO durable_history VALUES ('i', 0, x'0a'), ('i', 1, x'0b')",
            "INSERT INTO durable_inbox VALUES ('i', 9, 1, x'0c')",
        ];
        WriteSchema(5, filling);

        using var database = Database.Open(_folder.Path, DiskSync.Off);

        Assert.Equal(["2|p|a|8|0203", "2|p|b|7|01"], Read(database, "SELECT tab || '|' || pk || '|' || rk || '|' || version || '|' || hex(data) FROM rows ORDER BY tab, pk, rk"));
        Assert.Equal(
            ["i|Name|1|2|3|4|5|in|out|status|06|parent|Parent|7|8|{}"],
            Read(database, "SELECT concat_ws('|', id, name, execution, status, created, updated, due, input, output, custom_status, hex(failure), parent_id, parent_name, parent_task, parent_execution, tags) FROM durable_instances INDEXED BY durable_due WHERE due IS NOT NULL"));
        Assert.Equal(["i|0|0A", "i|1|0B"], Read(database, "SELECT id || '|' || turn || '|' || hex(events) FROM durable_history ORDER BY id, turn"));
        Assert.Equal(["i|9|1|0C"], Read(database, "SELECT id || '|' || number || '|' || execution || '|' || hex(event) FROM durable_inbox"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A file of an older build, which had only the first scripts.</summary>
    private void WriteSchema(int version, IEnumerable<string> filling)
    {
        Database.Open(_folder.Path, DiskSync.Off).Dispose();
        File.Delete(_folder["headgate.db"]);
        using var connection = Connection.Open(_folder["headgate.db"], [], readOnly: false);
        foreach (var script in Scripts().Take(version).Concat(filling))
            connection.Execute(script);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
    }

    private static IEnumerable<string> Scripts()
    {
        var assembly = typeof(Database).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static List<string> Read(Database database, string query)
    {
        var statement = database.Writer.Prepare(new Sql(query));
        var rows = new List<string>();
        while (statement.Step())
            rows.Add(statement.Text(0));
        return rows;
    }
}
