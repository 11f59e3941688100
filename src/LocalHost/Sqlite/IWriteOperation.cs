namespace Headgate.LocalHost.Sqlite;

/// <summary>
/// One atomic entry of the <see cref="WriteLog"/>. What it decides was decided when it was appended: writing it can't fail but for the
/// disk, and a failure stops the process.
/// </summary>
public interface IWriteOperation
{
    /// <summary>
    /// Writes itself with statements of <paramref name="connection"/> (<see cref="Connection.Prepare"/>). Runs once, on the writer
    /// thread, in log order, inside the transaction of its group; begin and commit are not its business.
    /// </summary>
    void Write(Connection connection);

    /// <summary>
    /// The operation is on disk. Runs on the writer thread before anyone who waits for it goes on; must be quick and must not throw.
    /// </summary>
    void Flushed()
    {
    }
}
