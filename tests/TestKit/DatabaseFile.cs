using Headgate.Storage.Sqlite;

namespace Headgate.TestKit;

/// <summary>The file of a data folder, behind the back of whoever has it open.</summary>
public static class DatabaseFile
{
    /// <summary>Runs a script on it.</summary>
    public static void Change(string folder, string sql)
    {
        using var connection = Connection.Open(Path.Combine(folder, "headgate.db"), [], readOnly: false);
        connection.Execute(sql);
    }
}
