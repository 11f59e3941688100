namespace Headgate.Storage.Log;

/// <summary>
/// Who is told what happens to what is on disk. The journal writes it down, what is pending boils it down to what is left to do, and a start
/// reads it back. Saying a run of records again, whole and in order, leads to the same end.
/// </summary>
public interface IRecordSink
{
    /// <summary>The next record.</summary>
    void Add(ILogRecord record);
}
