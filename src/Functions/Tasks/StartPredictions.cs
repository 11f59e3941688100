using Headgate.Functions.Telemetry;

namespace Headgate.Functions.Tasks;

/// <summary>
/// When tasks were said to start, of those that somebody asked about in this process, to measure how far off that was once this process hands them
/// out. What is told about a task first counts. At most 1,000 tasks: then the one told first is forgotten, as is one that never starts.
/// Safe for concurrent use.
/// </summary>
public sealed class StartPredictions(Metrics metrics)
{
    private const int MostKept = 1000;
    private const int Recent = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string TaskId, DateTimeOffset At)>> _told = new(StringComparer.Ordinal);
    private readonly LinkedList<(string TaskId, DateTimeOffset At)> _order = [];
    private readonly Queue<double> _errors = new(Recent);

    /// <summary>Of how many tasks something is kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _told.Count;
        }
    }

    public void Told(string taskId, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_told.ContainsKey(taskId))
                return;
            if (_told.Count == MostKept)
            {
                _told.Remove(_order.First!.Value.TaskId);
                _order.RemoveFirst();
            }

            _told.Add(taskId, _order.AddLast((taskId, at)));
        }
    }

    public void Started(string taskId, DateTimeOffset at)
    {
        double error;
        lock (_lock)
        {
            if (!_told.Remove(taskId, out var told))
                return;
            _order.Remove(told);
            error = (told.Value.At - at).TotalSeconds;
            if (_errors.Count == Recent)
                _errors.Dequeue();
            _errors.Enqueue(Math.Abs(error));
        }

        metrics.StartEstimated(error);
    }

    /// <summary>By how many seconds the last predictions were off in the median, and how many they are; null before the first.</summary>
    public (double Seconds, int Starts)? UsualError
    {
        get
        {
            lock (_lock)
            {
                if (_errors.Count == 0)
                    return null;
                var errors = _errors.ToArray();
                Array.Sort(errors);
                return (errors[errors.Length / 2], errors.Length);
            }
        }
    }
}
