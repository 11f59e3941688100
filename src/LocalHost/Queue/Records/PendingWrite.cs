using Headgate.LocalHost.Log;
using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Queue.Records;

/// <summary>A write that is made when it is asked for.</summary>
internal sealed class PendingWrite(int bytes, Action<Connection> run) : IPendingWrite
{
    public int Bytes => bytes;

    public void Run(Connection connection) => run(connection);
}
