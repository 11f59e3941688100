using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Sqlite;

/// <summary>A data folder as a killed process leaves it: a copy of a running one's files.</summary>
internal sealed class CrashCopy : IDisposable
{
    private readonly TempFolder _folder = new();

    public CrashCopy(string runningFolder)
    {
        // While this reader is open, SQLite doesn't reuse the write-ahead log, so that it holds everything that the file, copied first, lacks.
        using var reader = Connection.Open(System.IO.Path.Combine(runningFolder, "headgate.db"), [], readOnly: true);
        reader.Execute("BEGIN; SELECT count FROM starts");
        foreach (var name in new[] { "headgate.db", "headgate.db-wal" })
        {
            using var from = new FileStream(System.IO.Path.Combine(runningFolder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(_folder[name]);
            from.CopyTo(to);
        }
    }

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
