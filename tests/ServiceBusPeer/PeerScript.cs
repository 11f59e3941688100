using System.Collections.Concurrent;

namespace Headgate.ServiceBusPeer;

/// <summary>What the peer does at each step, and how often each was reached. Everything is served unless said otherwise.</summary>
public sealed class PeerScript
{
    private readonly ConcurrentDictionary<PeerStep, PeerAnswer> _always = new();
    private readonly ConcurrentDictionary<PeerStep, ConcurrentQueue<PeerAnswer>> _once = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerStep, int> _reached = [];
    private readonly List<(PeerStep Step, int Times, TaskCompletionSource Signal)> _waiting = [];

    public void Always(PeerStep step, PeerAnswer answer) => _always[step] = answer;

    /// <summary>The next time, or the time after those already said.</summary>
    public void Once(PeerStep step, PeerAnswer answer) => _once.GetOrAdd(step, _ => new()).Enqueue(answer);

    public int Times(PeerStep step)
    {
        lock (_gate)
            return _reached.GetValueOrDefault(step);
    }

    /// <summary>Ends when a step has been reached so often since the peer's start; gives up after five minutes.</summary>
    public Task ReachedAsync(PeerStep step, int times = 1)
    {
        lock (_gate)
        {
            if (_reached.GetValueOrDefault(step) >= times)
                return Task.CompletedTask;
            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((step, times, signal));
            return signal.Task.WaitAsync(TimeSpan.FromMinutes(5));
        }
    }

    /// <summary>Counts the step and tells its answer.</summary>
    internal PeerAnswer Reach(PeerStep step)
    {
        lock (_gate)
        {
            var times = _reached[step] = _reached.GetValueOrDefault(step) + 1;
            foreach (var waiting in _waiting.Where(waiting => waiting.Step == step && waiting.Times <= times))
                waiting.Signal.TrySetResult();
        }

        return _once.TryGetValue(step, out var once) && once.TryDequeue(out var answer) ? answer
            : _always.GetValueOrDefault(step) ?? new PeerAnswer.Served();
    }
}
