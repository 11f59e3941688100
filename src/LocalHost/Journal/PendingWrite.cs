using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>One thing to bring into the tables. It stands alone, and doing it again is harmless.</summary>
internal interface IPendingWrite
{
    /// <summary>How much it writes, about.</summary>
    int Bytes { get; }

    /// <summary>Does it, inside a transaction of the writer.</summary>
    void Run(Connection connection);
}

/// <summary>One that is made when it is asked for.</summary>
internal sealed class PendingWrite(int bytes, Action<Connection> run) : IPendingWrite
{
    public int Bytes => bytes;

    public void Run(Connection connection) => run(connection);
}
