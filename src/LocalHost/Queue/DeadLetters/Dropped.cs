using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Queue.DeadLetters;

/// <summary>Dead letters that are kept no longer.</summary>
internal sealed class Dropped(IReadOnlyList<long> sequences) : IWriteOperation
{
    public void Write(Connection connection)
    {
        foreach (var sequence in sequences)
            MessageStatements.Completed(connection, sequence, keepId: false);
    }
}
