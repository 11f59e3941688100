using System.Diagnostics;
using Headgate.Load.Figures;
using Headgate.Load.Machine;

namespace Headgate.Load.InProcess;

/// <summary>So many callers in this process, each of which calls again when its last call has ended.</summary>
internal static class CallerLoop
{
    /// <param name="call">Gets a number that goes up by one with each call, from 0.</param>
    public static Measured Run(int callers, Func<long, Task> call, LoadOptions options) => Run(callers, call, options.WarmUp, options.Round, options.Rounds);

    /// <inheritdoc cref="Run(int, Func{long, Task}, LoadOptions)"/>
    public static Measured Run(int callers, Func<long, Task> call, WarmUp warmUp, TimeSpan length, int rounds)
    {
        var meter = new ProcessorMeter(null);
        using var stop = new CancellationTokenSource();
        var next = -1L;
        var current = new RoundSamples(callers);

        async Task Call(int caller)
        {
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                await call(Interlocked.Increment(ref next));
                Volatile.Read(ref current).Add(caller, Stopwatch.GetTimestamp() - start);
            }
        }

        var running = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => Call(caller))));
        Round Watch(TimeSpan time)
        {
            Volatile.Write(ref current, new(callers));
            var begun = meter.Read();
            Thread.Sleep(time);
            var samples = Interlocked.Exchange(ref current, new(callers));
            return new(samples.All(), meter.Read().Since(begun));
        }

        var first = meter.Read();
        var steadiness = warmUp.Begin();
        while (!steadiness.Reached(Watch(WarmUp.Stretch < warmUp.AtMost ? WarmUp.Stretch : warmUp.AtMost).ProcessorMicroseconds, meter.Read().Since(first).Elapsed))
        {
        }

        var warm = meter.Read().Since(first).Elapsed;
        List<Round> finished = [.. Enumerable.Range(0, rounds).Select(_ => Watch(length))];
        stop.Cancel();
        running.GetAwaiter().GetResult();
        return new(warm, finished);
    }

    /// <summary>Each caller has a list of its own, so that none waits for another; its lock is only ever contended when the round ends.</summary>
    private sealed class RoundSamples(int callers)
    {
        private readonly Samples[] _samples = [.. Enumerable.Range(0, callers).Select(_ => new Samples(4096))];

        public void Add(int caller, long ticks)
        {
            lock (_samples[caller])
                _samples[caller].Add(ticks);
        }

        public Samples All()
        {
            var all = new Samples();
            foreach (var samples in _samples)
            {
                lock (samples)
                    all.AddAll(samples);
            }

            return all;
        }
    }
}
