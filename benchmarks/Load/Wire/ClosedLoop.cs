using System.Diagnostics;
using System.Net;
using Headgate.Load.Figures;
using Headgate.Load.Machine;

namespace Headgate.Load.Wire;

/// <summary>
/// So many clients on one thread, each of which sends its next request when it has the answer to the last. Requests are taken in turn.
/// </summary>
internal sealed class ClosedLoop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IReadOnlyList<byte[]> _requests;
    private readonly int _expectedStatus;
    private readonly LoopClient[] _clients;
    private readonly Epoll _epoll = new();
    private int _next;

    /// <param name="requests">Whole requests.</param>
    /// <param name="expectedStatus">Of every answer; any other ends the loop.</param>
    public ClosedLoop(IPEndPoint address, IReadOnlyList<byte[]> requests, int clients, int expectedStatus)
    {
        (_requests, _expectedStatus) = (requests, expectedStatus);
        _clients = new LoopClient[clients];
        for (var i = 0; i < clients; i++)
        {
            _clients[i] = new(address);
            _epoll.Watch(_clients[i].Socket, i);
        }
    }

    /// <summary>Unbroken load: a warm-up whose answers count nowhere, then rounds of equal length, one after the other.</summary>
    public Measured Run(WarmUp warmUp, TimeSpan length, int rounds, ProcessorMeter meter)
    {
        SendAll();
        var begun = meter.Read();
        var steadiness = warmUp.Begin();
        Round stretch;
        do
            stretch = Load(WarmUp.Stretch < warmUp.AtMost ? WarmUp.Stretch : warmUp.AtMost, meter);
        while (!steadiness.Reached(stretch.ProcessorMicroseconds, meter.Read().Since(begun).Elapsed));

        var warm = meter.Read().Since(begun).Elapsed;
        var finished = new List<Round>(rounds);
        while (finished.Count < rounds)
            finished.Add(Load(length, meter));
        Drain(null);
        return new(warm, finished);
    }

    /// <summary>So many requests and no more; all are answered when it returns.</summary>
    public Round Run(int count, ProcessorMeter meter)
    {
        var samples = new Samples(count);
        var begun = meter.Read();
        var left = count;
        foreach (var client in _clients)
        {
            if (left-- > 0)
                client.Send(Next(), Stopwatch.GetTimestamp());
        }

        while (left > 0)
            left -= Turn(samples, long.MaxValue, refill: true, left);
        Drain(samples);
        return new(samples, meter.Read().Since(begun));
    }

    public void Dispose()
    {
        _epoll.Dispose();
        foreach (var client in _clients)
            client?.Dispose();
    }

    private Round Load(TimeSpan length, ProcessorMeter meter)
    {
        var samples = new Samples();
        var begun = meter.Read();
        var end = begun.At + (long)(length.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
            Turn(samples, end, refill: true);
        return new(samples, meter.Read().Since(begun));
    }

    private byte[] Next()
    {
        var request = _requests[_next];
        _next = _next + 1 == _requests.Count ? 0 : _next + 1;
        return request;
    }

    private void SendAll()
    {
        foreach (var client in _clients)
            client.Send(Next(), Stopwatch.GetTimestamp());
    }

    /// <returns>How many requests were sent anew.</returns>
    private int Turn(Samples? samples, long until, bool refill, int atMost = int.MaxValue)
    {
        var wait = until == long.MaxValue ? Patience : Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until);
        var ready = _epoll.Wait((int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, Patience.TotalMilliseconds));
        if (ready == 0 && wait >= Patience)
            throw new UnexpectedAnswerException($"no answer within {Patience.TotalSeconds} s");
        var sent = 0;
        for (var i = 0; i < ready; i++)
        {
            var client = _clients[_epoll.Ready(i)];
            if (!client.Receive(_expectedStatus))
                continue;
            var now = Stopwatch.GetTimestamp();
            samples?.Add(now - client.SentAt);
            if (!refill || sent == atMost)
                continue;
            client.Send(Next(), now);
            sent++;
        }

        return sent;
    }

    private void Drain(Samples? samples)
    {
        while (Array.Exists(_clients, client => client.Waiting))
            Turn(samples, long.MaxValue, refill: false);
    }
}
