namespace Headgate.Agent;

/// <summary>
/// Lines on their way to a stream that may be full, stuck, closed or broken: whoever writes one is never held up and never sees an
/// error. What finds no room or is refused is counted, and the next line that gets through is preceded by how many are missing.
/// </summary>
/// <param name="writer">Used by one thread at a time.</param>
/// <param name="missing">Makes the line that tells of so many.</param>
internal sealed class LogSink(TextWriter writer, Func<long, string> missing)
{
    public const int MostWaiting = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _waiting = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private long _missing;

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_waiting.Count == MostWaiting)
            {
                _missing++;
                return;
            }

            _waiting.Enqueue(line);
            if (_isWriting)
                return;
            _isWriting = true;
            _writing = Task.Run(WriteAll);
        }
    }

    /// <summary>Gives what waits so long to get through; not longer, for the stream may be stuck for good.</summary>
    public async Task FlushAsync(TimeSpan limit)
    {
        Task writing;
        lock (_gate)
            writing = _writing;
        await Task.WhenAny(writing, Task.Delay(limit));
    }

    private void WriteAll()
    {
        while (Next() is var (line, missed))
        {
            try
            {
                if (missed > 0)
                    writer.WriteLine(missing(missed));
                Count(-missed);
                missed = 0;
                writer.WriteLine(line);
            }
            catch (Exception)
            {
                // A log that can't be written must not stop the work that it tells of.
                Count(1);
            }
        }
    }

    private (string Line, long Missing)? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var line))
                return (line, _missing);
            _isWriting = false;
            return null;
        }
    }

    private void Count(long more)
    {
        lock (_gate)
            _missing += more;
    }
}
