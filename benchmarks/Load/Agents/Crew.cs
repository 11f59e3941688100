using Headgate.Load.Rig;

namespace Headgate.Load.Agents;

/// <summary>Some agents that work until they are stopped.</summary>
internal sealed class Crew : IDisposable
{
    private const int MostSlots = 100;
    private readonly List<WorkingAgent> _agents;

    /// <param name="claim">1..100 tasks at most with one claim.</param>
    /// <param name="name">Begins their names; an agent is registered once and no second time.</param>
    /// <inheritdoc cref="WorkingAgent(AgentAccount, int, string?, Action{int}?)"/>
    public Crew(ServiceUnderLoad service, int agents, int claim, string? failure = null, Action<int>? reported = null, string name = "agent") =>
        _agents = [.. Enumerable.Range(1, agents).Select(i => new WorkingAgent(Ground.Agent(service, $"{name}-{i}", MostSlots), claim, failure, reported))];

    /// <summary>Tasks that the service has taken the results of.</summary>
    public long Done => _agents.Sum(agent => agent.Done);

    public void Check() => _agents.ForEach(agent => agent.Check());

    /// <exception cref="Wire.UnexpectedAnswerException">One of them was answered what it did not expect.</exception>
    public void Stop() => _agents.ForEach(agent => agent.Stop());

    public void Dispose() => _agents.ForEach(agent => agent.Dispose());
}
