using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>One write to the tables. Idempotent and independent of others.</summary>
public interface IPendingWrite
{
    /// <summary>Approximate size.</summary>
    int Bytes { get; }

    /// <summary>Runs inside a transaction of the writer.</summary>
    void Run(Connection connection);
}
