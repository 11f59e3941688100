using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Tests.Sqlite;

/// <summary>An operation that writes one row into a table of its own and tells when it has been flushed.</summary>
internal sealed class Note(string text, Action? writing = null) : IWriteOperation
{
    private static readonly Sql Insert = new("INSERT INTO notes(text) VALUES (?1)");
    private static readonly Sql Select = new("SELECT text FROM notes ORDER BY id");

    public bool IsFlushed { get; private set; }

    public static void CreateTable(Database database) => database.Writer.Execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");

    public static List<string> ReadAll(Database database)
    {
        var connection = database.Readers.Borrow();
        var statement = connection.Prepare(Select);
        var all = new List<string>();
        while (statement.Step())
            all.Add(statement.Text(0));
        database.Readers.Return(connection);
        return all;
    }

    public void Write(Connection connection)
    {
        writing?.Invoke();
        connection.Prepare(Insert).Bind(1, text).Run();
    }

    public void Flushed() => IsFlushed = true;
}
