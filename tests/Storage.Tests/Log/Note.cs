using System.Text;
using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables;

namespace Headgate.Storage.Tests.Log;

/// <summary>An operation that writes one row.</summary>
internal sealed class Note(string text, Action? writing = null) : IWriteOperation
{
    private static readonly Sql Select = new("SELECT data FROM rows ORDER BY rk");
    private static long s_last;

    private readonly long _number = Interlocked.Increment(ref s_last);
    private Action? _writing = writing;

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

    public void Write(IRecordSink records)
    {
        Interlocked.Exchange(ref _writing, null)?.Invoke();
        records.Add(new StoredRow(new(Table.Audit, "notes", $"{_number:d12}"), _number, Encoding.UTF8.GetBytes(text)));
    }
}
