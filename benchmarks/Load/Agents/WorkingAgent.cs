using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load.Agents;

/// <summary>
/// An agent on one thread and one connection: claims up to a number of tasks, waits where there are none, reports them all in one
/// call as ended, claims again. Any answer it does not expect ends it.
/// </summary>
internal sealed class WorkingAgent : IDisposable
{
    private readonly AgentAccount _account;
    private readonly byte[] _claim;
    private readonly string? _failure;
    private readonly Action<int>? _reported;
    private readonly Connection _connection;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopped = new();
    private volatile Exception? _problem;
    private long _done;

    /// <param name="claim">1..100 tasks at most with one claim.</param>
    /// <param name="failure">The error category every task ends with; null: success.</param>
    /// <param name="reported">Called on the agent's thread when a report has been answered, with the number of its tasks.</param>
    public WorkingAgent(AgentAccount account, int claim, string? failure = null, Action<int>? reported = null)
    {
        (_account, _failure, _reported) = (account, failure, reported);
        _claim = RequestBytes.Post(
            $"/agents/{account.AgentId}/tasks/claim", account.Key, JsonSerializer.SerializeToUtf8Bytes(new ClaimRequest(claim, 30), ContractJson.Default.ClaimRequest));
        _connection = new(account.Address);
        _thread = new(Run) { Name = $"agent {account.AgentId}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Tasks whose report has been answered.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Ends the wait for work, and throws what went wrong meanwhile.</summary>
    /// <exception cref="UnexpectedAnswerException">The service did not take a report as it was meant.</exception>
    public void Stop()
    {
        _stopped.Set();
        _connection.Abort();
        _thread.Join();
        if (_problem is { } problem)
            throw new UnexpectedAnswerException($"agent {_account.AgentId}: {problem.Message}");
    }

    public void Check()
    {
        if (_problem is { } problem)
            throw new UnexpectedAnswerException($"agent {_account.AgentId}: {problem.Message}");
    }

    public void Dispose()
    {
        _stopped.Set();
        _connection.Abort();
        _thread.Join();
        _connection.Dispose();
        _stopped.Dispose();
    }

    private void Run()
    {
        try
        {
            using var work = new ClaimedWork();
            while (!_stopped.IsSet)
            {
                work.Read(_connection.Send(_claim, 200), _failure);
                if (work.Count > 0)
                    Report(work);
                if (work.PauseSeconds > 0)
                    _stopped.Wait(TimeSpan.FromSeconds(work.PauseSeconds));
            }
        }
        catch (SocketException) when (_stopped.IsSet)
        {
        }
        catch (Exception problem)
        {
            // Told to whoever stops or checks the agent: a thread has nobody above it.
            _problem = problem;
        }
    }

    private void Report(ClaimedWork work)
    {
        var answer = _connection.Send(RequestBytes.Post($"/agents/{_account.AgentId}/task-results", _account.Key, work.Report), 200);
        var outcome = _failure is null ? "\"outcome\":\"completed\""u8 : "\"outcome\":\"retry\""u8;
        if (answer.Count(outcome) != work.Count)
            throw new UnexpectedAnswerException($"{work.Count} results were not all taken: {Encoding.UTF8.GetString(answer)}");
        Volatile.Write(ref _done, _done + work.Count);
        _reported?.Invoke(work.Count);
    }
}
