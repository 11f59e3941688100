using System.Diagnostics;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Load.Figures;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Agents;

/// <summary>One agent with a thread and a connection a slot: each claims one task, takes a fixed time for it, reports it, claims the next.</summary>
internal sealed class SlotAgent(AgentAccount account, int slots, TimeSpan work)
{
    private readonly Samples _handOvers = new();
    private readonly Lock _gate = new();
    private int _running;
    private int _left;

    /// <summary>The most tasks that were out at one time, from the answer that brought a task to the moment its report is sent.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>From a report being sent to the next task having come: what a slot stands empty for.</summary>
    public Samples HandOvers => _handOvers;

    /// <returns>From the first claim being sent to the last report being answered.</returns>
    /// <exception cref="UnexpectedAnswerException">A claim brought more than one task, none in time, or a report was not taken.</exception>
    public TimeSpan Drain(int tasks)
    {
        _left = tasks;
        var connections = Enumerable.Range(0, slots).Select(_ => new Connection(account.Address)).ToList();
        Exception? problem = null;
        var threads = connections.ConvertAll(connection => new Thread(() =>
        {
            try
            {
                Work(connection);
            }
            catch (Exception thrown)
            {
                // Thrown again once all threads have ended.
                Interlocked.CompareExchange(ref problem, thrown, null);
            }
        }));
        var start = Stopwatch.GetTimestamp();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var drained = Stopwatch.GetElapsedTime(start);
        connections.ForEach(connection => connection.Dispose());
        return problem is null ? drained : throw new UnexpectedAnswerException(problem.Message);
    }

    private void Work(Connection connection)
    {
        var claim = RequestBytes.Post($"/agents/{account.AgentId}/tasks/claim", account.Key, JsonSerializer.SerializeToUtf8Bytes(new ClaimRequest(1, 10), ContractJson.Default.ClaimRequest));
        using var claimed = new ClaimedWork();
        var reported = 0L;
        while (Interlocked.Decrement(ref _left) >= 0)
        {
            claimed.Read(connection.Send(claim, 200));
            if (claimed.Count != 1)
                throw new UnexpectedAnswerException($"a claim of one task brought {claimed.Count}");
            Begin(reported);
            Thread.Sleep(work);
            Interlocked.Decrement(ref _running);
            reported = Stopwatch.GetTimestamp();
            if (connection.Send(RequestBytes.Post($"/agents/{account.AgentId}/task-results", account.Key, claimed.Report), 200).Count("\"outcome\":\"completed\""u8) != 1)
                throw new UnexpectedAnswerException("a result was not taken");
        }
    }

    private void Begin(long reported)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            if (reported != 0)
                _handOvers.Add(now - reported);
        }
    }
}
