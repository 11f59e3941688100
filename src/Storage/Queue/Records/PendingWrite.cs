using Headgate.Storage.Log;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Queue.Records;

internal sealed class PendingWrite(int bytes, Action<Connection> run) : IPendingWrite
{
    public int Bytes => bytes;

    public void Run(Connection connection) => run(connection);
}
