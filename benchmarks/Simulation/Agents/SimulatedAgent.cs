using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Traffic;
using Headgate.Simulation.Wire;

namespace Headgate.Simulation.Agents;

/// <summary>
/// An agent as the contract has it: claims as long as it has room, works, heartbeats, reports. At times it falls silent: either it dies
/// with all it holds and starts anew, or it only loses its connection, works on and reports late.
/// </summary>
internal sealed class SimulatedAgent(string agentId, string key, Api api, Observations seen, TimeProvider clock, SimulationOptions options)
{
    public const int Slots = 8;
    private const int ClaimSeconds = 30;
    private static readonly TimeSpan BetweenOutages = TimeSpan.FromHours(6);
    private static readonly TimeSpan MeanOutage = TimeSpan.FromSeconds(90);
    private readonly RandomStream _chance = new(options.Seed, $"outages of {agentId}");
    private readonly SortedDictionary<string, HeldTask> _held = new(StringComparer.Ordinal);
    private TaskCompletionSource _roomMade = new();
    private TaskCompletionSource _connected = new();
    private int _session;

    /// <summary>How many attempts it holds.</summary>
    public int Held => _held.Count;

    /// <summary>Lives from outage to outage, until it is to leave.</summary>
    public async Task RunAsync(CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(leave);
            _connected.TrySetResult();
            seen.Follow(HeartbeatAsync(connection.Token));
            seen.Follow(ClaimAsync(connection.Token));
            await Task.Delay(_chance.Gap(BetweenOutages / options.Trouble), clock, CancellationToken.None);
            _connected = new();
            await connection.CancelAsync();
            var dies = _chance.Chance(0.5);
            seen.WentSilent(dies);
            if (dies)
                Die();
            await Task.Delay(_chance.Gap(MeanOutage) + TimeSpan.FromSeconds(5), clock, CancellationToken.None);
        }
    }

    private void Die()
    {
        _session++;
        var lost = _held.Values.ToList();
        _held.Clear();
        foreach (var held in lost)
        {
            held.Dropped = true;
            held.Stop.Cancel();
        }
    }

    private async Task HeartbeatAsync(CancellationToken connection)
    {
        try
        {
            while (true)
            {
                var request = new HeartbeatRequest(
                    "1.0.0", "linux", 0, Running: [.. _held.Values.Select(held => new RunningAttempt(held.Task.TaskId, held.Task.Attempt))], Session: $"{_session}");
                var answer = (await api.PostAsync($"/agents/{agentId}/heartbeat", key, request, ContractJson.Default.HeartbeatRequest, aborted: connection))
                    .Expect(200).Read(ContractJson.Default.HeartbeatAnswer);
                foreach (var taskId in answer.Lost)
                    StopTask(taskId, held => held.Dropped = true);
                foreach (var taskId in answer.Cancel)
                    StopTask(taskId, held => held.Cancelled = true);
                await Task.Delay(TimeSpan.FromSeconds(answer.NextHeartbeatSeconds), clock, connection);
            }
        }
        catch (OperationCanceledException) when (connection.IsCancellationRequested)
        {
            // The connection is gone; the next one has its own.
        }
    }

    private void StopTask(string taskId, Action<HeldTask> mark)
    {
        if (!_held.TryGetValue(taskId, out var held))
            return;
        mark(held);
        held.Stop.Cancel();
    }

    private async Task ClaimAsync(CancellationToken connection)
    {
        try
        {
            while (true)
            {
                while (_held.Count >= Slots)
                    await _roomMade.Task.WaitAsync(connection);
                var answer = (await api.PostAsync(
                    $"/agents/{agentId}/tasks/claim", key, new(Slots - _held.Count, ClaimSeconds), ContractJson.Default.ClaimRequest, aborted: connection))
                    .Expect(200).Read(ContractJson.Default.ClaimAnswer);
                foreach (var task in answer.Tasks)
                    Take(task);
                await Task.Delay(TimeSpan.FromSeconds(answer.NextClaimSeconds), clock, connection);
            }
        }
        catch (OperationCanceledException) when (connection.IsCancellationRequested)
        {
            // The connection is gone; the next one has its own.
        }
    }

    private void Take(ClaimedTask task)
    {
        seen.HandedOut(agentId, task);
        // An attempt of the same task that was cut off from the service is superseded by this one.
        StopTask(task.TaskId, held => held.Dropped = true);
        var held = new HeldTask(task);
        _held[task.TaskId] = held;
        seen.Follow(WorkAsync(held));
    }

    private async Task WorkAsync(HeldTask held)
    {
        var task = held.Task;
        var draw = task.Payload!.Value.Deserialize(SimulationJson.Default.TaskPayload)!.Draw;
        var fate = TaskKind.Of(task.Type).Draw(draw, task.Attempt, options.FailureRate);
        var began = clock.GetUtcNow();
        try
        {
            await Task.Delay(fate.Duration, clock, held.Stop.Token);
        }
        catch (OperationCanceledException) when (held.Stop.IsCancellationRequested)
        {
            // Stopped before its time; what is reported, if anything, stands below.
        }

        if (!held.Dropped)
            await ReportAsync(held, fate, clock.GetUtcNow() - began);
        if (_held.TryGetValue(task.TaskId, out var current) && current == held)
            _held.Remove(task.TaskId);
        var made = _roomMade;
        _roomMade = new();
        made.SetResult();
        held.Stop.Dispose();
    }

    private async Task ReportAsync(HeldTask held, Fate fate, TimeSpan took)
    {
        while (!_connected.Task.IsCompleted)
            await _connected.Task;
        if (held.Dropped)
            return;
        var failure = held.Cancelled ? null : fate.Failure;
        var result = new TaskResult(
            held.Task.TaskId,
            held.Task.Attempt,
            held.Cancelled ? "cancelled" : failure is null ? "success" : "failure",
            took.TotalSeconds,
            fate.Named ? failure?.Category : null,
            failure?.Message,
            failure?.ExitCode);
        var answer = (await api.PostAsync($"/agents/{agentId}/task-results", key, result, ContractJson.Default.TaskResult)).Expect(200, 409, 404);
        if (answer.Status == 200)
            seen.Settled(held.Task, answer.Read(ContractJson.Default.TaskResultAnswer));
        else
            seen.TooLate(answer.Code);
    }
}
