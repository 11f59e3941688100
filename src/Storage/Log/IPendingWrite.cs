using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>One thing to bring into the tables. It stands alone, and doing it again is harmless.</summary>
public interface IPendingWrite
{
    /// <summary>How much it writes, about.</summary>
    int Bytes { get; }

    /// <summary>Does it, inside a transaction of the writer.</summary>
    void Run(Connection connection);
}
