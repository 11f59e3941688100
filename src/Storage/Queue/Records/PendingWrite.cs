using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue.Records;

/// <summary>A write that is made when it is asked for.</summary>
internal sealed class PendingWrite(int bytes, Action<Connection> run) : IPendingWrite
{
    public int Bytes => bytes;

    public void Run(Connection connection) => run(connection);
}
