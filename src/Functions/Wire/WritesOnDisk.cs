namespace Headgate.Functions.Wire;

/// <summary>
/// What an answer that goes on for long waits for before each part of it; a feature of the request. Absent if every write is durable once it
/// has returned.
/// </summary>
/// <param name="flushed">Completes when everything written so far is on disk.</param>
public sealed class WritesOnDisk(Func<ValueTask> flushed)
{
    public ValueTask FlushedAsync() => flushed();
}
