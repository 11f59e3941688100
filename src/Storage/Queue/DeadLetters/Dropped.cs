using Headgate.Storage.Log;
using Headgate.Storage.Queue.Records;

namespace Headgate.Storage.Queue.DeadLetters;

/// <summary>Dead letters are removed.</summary>
internal sealed class Dropped(IReadOnlyList<long> sequences) : IWriteOperation
{
    public void Write(IRecordSink records)
    {
        foreach (var sequence in sequences)
            records.Add(new Completed(sequence, kept: null));
    }
}
