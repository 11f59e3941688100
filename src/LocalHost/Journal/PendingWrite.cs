using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Journal;

/// <summary>One thing to bring into the tables. It stands alone, and doing it again is harmless.</summary>
/// <param name="Bytes">How much it writes, about.</param>
/// <param name="Run">Does it, inside a transaction of the writer.</param>
internal readonly record struct PendingWrite(int Bytes, Action<Connection> Run);
