namespace Headgate.Storage.Log;

/// <summary>
/// One atomic entry of the <see cref="WriteLog"/>. All decisions were made before it was appended: only the disk can refuse it, and
/// then the process stops.
/// </summary>
public interface IWriteOperation
{
    /// <summary>Adds its records, in order. Called on the writing thread, in log order, more than once.</summary>
    void Write(IRecordSink records);
}
