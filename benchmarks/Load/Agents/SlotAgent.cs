using System.Diagnostics;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Agents;

/// <summary>
/// One agent of some slots, whose tasks take a fixed time: one thread, a connection on which a claim is always open, which the service
/// holds until it has room for it, and one for reports. Tasks that came together end and are reported together.
/// </summary>
internal sealed class SlotAgent(AgentAccount account, int slots, TimeSpan work)
{
    private readonly Queue<(long End, int Count, byte[] Report)> _running = [];
    private readonly Queue<long> _freed = [];
    private int _claimed;
    private int _reported;
    private int _unanswered;

    /// <summary>The most tasks that were out at one time, from the answer that brought a task to the moment its report is sent.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Tasks whose report has been answered, told to whatever thread asks.</summary>
    public int Reported => Volatile.Read(ref _reported);

    /// <summary>From a report being sent to the next task having come: what a slot stands empty for.</summary>
    public Samples HandOvers { get; } = new();

    /// <returns>From the first claim being sent to the last report being answered.</returns>
    /// <exception cref="UnexpectedAnswerException">A claim brought no task in time, or a report was not taken.</exception>
    public TimeSpan Drain(int tasks)
    {
        var claim = RequestBytes.Post($"/agents/{account.AgentId}/tasks/claim", account.Key, JsonSerializer.SerializeToUtf8Bytes(new ClaimRequest(slots, 10), ContractJson.Default.ClaimRequest));
        using var claims = new Connection(account.Address);
        using var reports = new Connection(account.Address);
        using var claimed = new ClaimedWork();
        var start = Stopwatch.GetTimestamp();
        claims.Post(claim);
        while (_reported < tasks)
        {
            Connection.Await(claims, reports, _running.TryPeek(out var next) && _unanswered == 0 ? next.End : null);
            if (claims.IsReadable && _claimed < tasks)
            {
                claimed.Read(claims.Receive(200));
                Begin(claimed);
                if (_claimed < tasks)
                    claims.Post(claim);
            }

            if (_unanswered > 0 && reports.IsReadable)
                Confirm(reports);
            if (_unanswered == 0 && _running.TryPeek(out var ended) && ended.End <= Stopwatch.GetTimestamp())
                Report(reports, _running.Dequeue());
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private void Begin(ClaimedWork claimed)
    {
        if (claimed.Count == 0)
            throw new UnexpectedAnswerException("a claim brought no task");
        var now = Stopwatch.GetTimestamp();
        _running.Enqueue((now + (long)(work.TotalSeconds * Stopwatch.Frequency), claimed.Count, RequestBytes.Post($"/agents/{account.AgentId}/task-results", account.Key, claimed.Report)));
        _claimed += claimed.Count;
        MostAtOnce = Math.Max(MostAtOnce, _running.Sum(batch => batch.Count));
        for (var i = 0; i < claimed.Count && _freed.TryDequeue(out var freed); i++)
            HandOvers.Add(now - freed);
    }

    private void Report(Connection reports, (long End, int Count, byte[] Report) ended)
    {
        var now = Stopwatch.GetTimestamp();
        reports.Post(ended.Report);
        _unanswered = ended.Count;
        for (var i = 0; i < ended.Count; i++)
            _freed.Enqueue(now);
    }

    private void Confirm(Connection reports)
    {
        if (reports.Receive(200).Count("\"outcome\":\"completed\""u8) != _unanswered)
            throw new UnexpectedAnswerException("a result was not taken");
        Volatile.Write(ref _reported, _reported + _unanswered);
        _unanswered = 0;
    }
}
