namespace Headgate.Contracts.Agents;

/// <summary>Which life of an agent makes a call.</summary>
public static class AgentSession
{
    /// <summary>
    /// On an agent's heartbeats, claims and results: 1 to 100 printable characters, the same as the heartbeat's <c>session</c>. Who sends it is fenced:
    /// while this session lives, another one's calls are refused (409 <c>agent-in-use</c>) instead of taking its work.
    /// </summary>
    public const string Header = "Headgate-Session";
}
