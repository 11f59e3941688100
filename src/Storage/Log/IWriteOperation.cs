namespace Headgate.Storage.Log;

/// <summary>
/// One atomic entry of the <see cref="WriteLog"/>. What it decides was decided when it was appended: writing it can't fail but for the
/// disk, and a failure stops the process. Not kept once it is written.
/// </summary>
public interface IWriteOperation
{
    /// <summary>Says what it changes, in order. Runs on the thread that writes, in log order, more than once.</summary>
    void Write(IRecordSink records);
}
