namespace Headgate.Contracts.Agents;

/// <summary>The header that says which process of an agent makes a call.</summary>
public static class AgentSession
{
    /// <summary>
    /// On an agent's heartbeats, claims and results: 1 to 100 printable characters, equal to the heartbeat's <c>session</c>. It fences the
    /// agent: while this session lives, calls of another are refused (409 <c>agent-in-use</c>) instead of taking its work.
    /// </summary>
    public const string Header = "Headgate-Session";
}
