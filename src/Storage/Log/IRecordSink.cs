namespace Headgate.Storage.Log;

/// <summary>Receives records in log order. Adding the same sequence again must lead to the same result.</summary>
public interface IRecordSink
{
    void Add(ILogRecord record);
}
