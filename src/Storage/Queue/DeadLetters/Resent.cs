using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;

namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>Dead letters are removed, and a message with its body is sent in place of each.</summary>
internal sealed class Resent(IReadOnlyList<(long Letter, QueuedMessage Message)> resent) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var (letter, message) in resent)
        {
            records.Add(message);
            records.Add(new Completed(letter, kept: null));
        }
    }
}
