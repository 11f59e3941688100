using System.Net;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors;

/// <summary>
/// An agent that works, fails, answers twice, forgets, goes silent, comes back, and tells what is not so. Now and then two processes have its
/// identity at once: a copy, or the next of a rolling update; and one that has ended or was replaced comes back late.
/// </summary>
internal sealed class FaultyAgent(World world, AgentTraits traits, Line line, Chance chance) : IActor
{
    private const int MostProcesses = 3;
    private const int MostPast = 4;
    private readonly List<AgentProcess> _live = [];
    private readonly List<AgentProcess> _past = [];
    private int _processes;
    private int _silent;
    private bool _onlyWorks;

    public string Id => traits.Id;

    public async Task StepAsync()
    {
        if (_silent > 0)
        {
            _silent--;
            return;
        }

        if (_live.Count == 0)
            _live.Add(Start());
        switch (chance.Between(1, 16))
        {
            case 1:
                LeaveAll();
                _silent = chance.Between(1, 10);
                return;
            case 2 when _live.Count < MostProcesses:
                var copy = Start();
                copy.Copy(chance.Of(_live));
                _live.Add(copy);
                break;
            case 3 when _live.Count > 1 || chance.OneIn(2):
                await LeaveInOrderAsync(_live[0]);
                return;
            case 4 when _live.Count > 1:
                Leave(chance.Of(_live));
                break;
            case 5 when _past.Count > 0:
                await chance.Of(_past).StepAsync();
                return;
            case 6:
                await LoadAsync();
                return;
        }

        if (chance.OneIn(2))
        {
            await Task.WhenAll([.. _live.Select(process => process.StepAsync())]);
            return;
        }

        foreach (var process in chance.Shuffled(_live))
            await process.StepAsync();
    }

    /// <summary>From now on it only works, as one process: takes what there is, and tells the truth.</summary>
    public async Task WorkAsync(int wait)
    {
        if (!_onlyWorks)
            await ReduceAsync();
        _onlyWorks = true;
        await _live[0].WorkAsync(wait);
    }

    /// <summary>How many tasks the service thinks it holds; null where it does not say.</summary>
    public async Task<int?> LoadAsync()
    {
        var reply = await world.Operator.GetAsync($"/agents/{traits.Id}/load");
        if (reply is null || !world.Sightings.Holds(reply.Status == HttpStatusCode.OK, () => $"the load of {traits.Id} was answered {(int)reply.Status}"))
            return null;
        var count = (int)reply.Body!["currentTasksCount"]!;
        world.Sightings.Holds(count <= traits.Slots, () => $"{traits.Id} holds {count} tasks; it takes {traits.Slots}");
        return count;
    }

    // One of them goes on, in the middle of what it has; or the next follows.
    private async Task ReduceAsync()
    {
        var last = _live.Find(process => !process.IsReplaced);
        foreach (var process in _live.Where(process => process != last).ToList())
            Leave(process);
        if (last is not null && chance.OneIn(3))
            await LeaveInOrderAsync(last);
        else if (last is not null && chance.OneIn(4))
            Leave(last);
        if (_live.Count == 0)
            _live.Add(Start());
    }

    private AgentProcess Start()
    {
        var session = $"{traits.Id}-{++_processes}";
        var isNamed = !chance.OneIn(4);
        return new AgentProcess(world, traits, !isNamed && chance.OneIn(3) ? null : session, isNamed, line, chance.Fork());
    }

    private void LeaveAll()
    {
        foreach (var process in _live.ToList())
            Leave(process);
    }

    private void Leave(AgentProcess process)
    {
        process.Vanish();
        _live.Remove(process);
        _past.Add(process);
        if (_past.Count > MostPast)
            _past.RemoveAt(0);
    }

    private async Task LeaveInOrderAsync(AgentProcess process)
    {
        await process.EndAsync();
        Leave(process);
    }
}
