using Headgate.LocalHost.Journal;

namespace Headgate.LocalHost.Sqlite;

/// <summary>
/// One atomic entry of the <see cref="WriteLog"/>. What it decides was decided when it was appended: writing it can't fail but for the
/// disk, and a failure stops the process.
/// </summary>
internal interface IWriteOperation
{
    /// <summary>Says what it changes, in order. Runs on the writer thread, in log order, more than once.</summary>
    void Write(IRecordSink records);

    /// <summary>
    /// What it changes can be read from the tables of the database; until then only the journal has it. Runs in log order on any
    /// thread; must be quick and must not throw.
    /// </summary>
    void Merged()
    {
    }
}
