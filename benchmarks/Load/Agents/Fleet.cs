using System.Diagnostics;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Agents;

/// <summary>
/// Many agents on one thread, each with a connection of its own. All send heartbeats, spread evenly over the period, however long answers
/// take. The first of them also work: each has a claim open always, reports a task when its time is over, and then a run is submitted in
/// its place, so that the backlog stays as it was.
/// </summary>
internal sealed class Fleet : IDisposable
{
    private const int Submitters = 8;

    /// <summary>A claim held longer than this is answered empty and sent again.</summary>
    private const int ClaimSeconds = 20;

    private readonly byte[][] _heartbeats;
    private readonly LoopClient[] _beating;
    private readonly Worker[] _workers;
    private readonly LoopClient[] _submitting;
    private readonly byte[] _submission;
    private readonly Epoll _epoll = new();
    private readonly List<LoopClient> _clients = [];
    private readonly ClaimedWork _claimed = new();
    private readonly Queue<(long End, Worker Worker, int Count, byte[] Report)> _running = [];
    private readonly long _between;
    private readonly long _work;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _sent;
    private int _owed;

    /// <param name="agents">Registered, with their settings changed once.</param>
    /// <param name="workers">How many of them work.</param>
    /// <param name="slots">Of each that works.</param>
    /// <param name="period">Between two heartbeats of an agent.</param>
    /// <param name="work">How long a task takes.</param>
    /// <param name="submission">A whole request.</param>
    public Fleet(IReadOnlyList<AgentAccount> agents, int workers, int slots, TimeSpan period, TimeSpan work, byte[] submission)
    {
        _submission = submission;
        _between = (long)(period.TotalSeconds * Stopwatch.Frequency / agents.Count);
        _work = (long)(work.TotalSeconds * Stopwatch.Frequency);
        var heartbeat = JsonSerializer.SerializeToUtf8Bytes(
            new HeartbeatRequest("1.0.0", "linux", 3600, [new("/", 1_000_000_000, 2_000_000_000)], [], SettingsVersion: 2, Load: new(20, 40, slots)), ContractJson.Default.HeartbeatRequest);
        _heartbeats = [.. agents.Select(agent => RequestBytes.Post($"/agents/{agent.AgentId}/heartbeat", agent.Key, heartbeat))];
        _beating = [.. agents.Select(Watched)];
        _workers = [.. agents.Take(workers).Select(agent => new Worker(agent, slots, Watched(agent), Watched(agent)))];
        _submitting = [.. agents.Take(Submitters).Select(Watched)];
    }

    /// <summary>From when a heartbeat was due to its answer.</summary>
    public Samples Heartbeats { get; private set; } = new();

    /// <summary>From a report being sent to the next task having come.</summary>
    public Samples HandOvers { get; private set; } = new();

    /// <summary>Goes on for so long; the samples are of this time alone.</summary>
    public void Run(TimeSpan length)
    {
        (Heartbeats, HandOvers) = (new(), new());
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        foreach (var worker in _workers.Where(worker => !worker.Claims.Waiting))
            worker.Claims.Send(worker.Claim, Stopwatch.GetTimestamp());
        for (long now; (now = Stopwatch.GetTimestamp()) < end;)
        {
            while (Due(_sent) <= now)
                Beat(now);
            while (_running.TryPeek(out var ended) && ended.End <= now)
                End(_running.Dequeue(), now);
            foreach (var client in _submitting)
            {
                if (_owed == 0)
                    break;
                if (client.Waiting)
                    continue;
                client.Send(_submission, now);
                _owed--;
            }

            var next = Math.Min(Due(_sent), _running.TryPeek(out var first) ? first.End : long.MaxValue);
            var ready = _epoll.Wait((int)Math.Clamp((next - now) * 1000 / Stopwatch.Frequency, 0, 100));
            for (var i = 0; i < ready; i++)
                Receive(_epoll.Ready(i));
        }
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _claimed.Dispose();
        foreach (var client in _clients)
            client.Dispose();
    }

    private LoopClient Watched(AgentAccount agent)
    {
        var client = new LoopClient(agent.Address);
        _epoll.Watch(client.Socket, _clients.Count);
        _clients.Add(client);
        return client;
    }

    private long Due(long number) => _begun + (number * _between);

    private void Beat(long now)
    {
        var agent = (int)(_sent % _beating.Length);
        if (_beating[agent].Waiting)
            throw new UnexpectedAnswerException($"a heartbeat was not answered within {(now - _beating[agent].SentAt) / Stopwatch.Frequency} s");
        _beating[agent].Send(_heartbeats[agent], Due(_sent));
        _sent++;
    }

    private static void End((long End, Worker Worker, int Count, byte[] Report) ended, long now)
    {
        ended.Worker.Ended.Enqueue((ended.Count, ended.Report));
        Report(ended.Worker, now);
    }

    private static void Report(Worker worker, long now)
    {
        if (worker.Reports.Waiting || !worker.Ended.TryDequeue(out var ended))
            return;
        worker.Reports.Send(ended.Report, now);
        worker.Unanswered = ended.Count;
        for (var i = 0; i < ended.Count; i++)
            worker.Freed.Enqueue(now);
    }

    private void Receive(int index)
    {
        var client = _clients[index];
        var submits = index >= _beating.Length + (2 * _workers.Length);
        if (!client.Receive(submits ? 202 : 200))
            return;
        var now = Stopwatch.GetTimestamp();
        if (index < _beating.Length)
        {
            Heartbeats.Add(now - client.SentAt);
        }
        else if (!submits)
        {
            var worker = _workers[(index - _beating.Length) / 2];
            if (client == worker.Claims)
                Begin(worker, now);
            else
                Confirm(worker, now);
        }
    }

    private void Begin(Worker worker, long now)
    {
        _claimed.Read(worker.Claims.Body);
        if (_claimed.Count > 0)
            _running.Enqueue((now + _work, worker, _claimed.Count, RequestBytes.Post($"/agents/{worker.Account.AgentId}/task-results", worker.Account.Key, _claimed.Report)));
        for (var i = 0; i < _claimed.Count && worker.Freed.TryDequeue(out var freed); i++)
            HandOvers.Add(now - freed);
        worker.Claims.Send(worker.Claim, now);
    }

    private void Confirm(Worker worker, long now)
    {
        if (worker.Reports.Body.Count("\"outcome\":\"completed\""u8) != worker.Unanswered)
            throw new UnexpectedAnswerException("a result was not taken");
        _owed += worker.Unanswered;
        Report(worker, now);
    }

    private sealed class Worker(AgentAccount account, int slots, LoopClient claims, LoopClient reports)
    {
        public AgentAccount Account => account;

        public byte[] Claim { get; } = RequestBytes.Post(
            $"/agents/{account.AgentId}/tasks/claim", account.Key, JsonSerializer.SerializeToUtf8Bytes(new ClaimRequest(slots, ClaimSeconds), ContractJson.Default.ClaimRequest));

        public LoopClient Claims => claims;

        public LoopClient Reports => reports;

        /// <summary>Tasks whose time is over, while the report before theirs is under way.</summary>
        public Queue<(int Count, byte[] Report)> Ended { get; } = [];

        /// <summary>When each slot that stands empty was freed.</summary>
        public Queue<long> Freed { get; } = [];

        /// <summary>Tasks of the report under way.</summary>
        public int Unanswered { get; set; }
    }
}
