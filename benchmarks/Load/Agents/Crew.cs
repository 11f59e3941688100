using Headgate.Load.Rig;

namespace Headgate.Load.Agents;

/// <summary>Some agents that work until they are stopped.</summary>
internal sealed class Crew : IDisposable
{
    private const int MostSlots = 100;
    private readonly List<WorkingAgent> _agents;

    /// <param name="claim">1..100 tasks at most with one claim.</param>
    /// <inheritdoc cref="WorkingAgent(AgentAccount, int, string?, Action{int}?)"/>
    public Crew(ServiceUnderLoad service, int agents, int claim, string? failure = null, Action<int>? reported = null) =>
        _agents = [.. Enumerable.Range(1, agents).Select(i => new WorkingAgent(Ground.Agent(service, $"agent-{i}", MostSlots), claim, failure, reported))];

    /// <summary>Tasks that the service has taken the results of.</summary>
    public long Done => _agents.Sum(agent => agent.Done);

    public void Check() => _agents.ForEach(agent => agent.Check());

    /// <exception cref="Wire.UnexpectedAnswerException">One of them was answered what it did not expect.</exception>
    public void Stop() => _agents.ForEach(agent => agent.Stop());

    public void Dispose() => _agents.ForEach(agent => agent.Dispose());
}
