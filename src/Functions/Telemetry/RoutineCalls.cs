namespace Headgate.Functions.Telemetry;

/// <summary>Calls that programs make by themselves, again and again. Routing ignores the case of a path and a slash at its end, and so do these.</summary>
public static class RoutineCalls
{
    private static readonly string[] s_probes = ["/health", "/ready", "/metrics"];
    private static readonly string[] s_polls = ["/heartbeat", "/tasks/claim"];

    /// <summary>A probe, or an agent's question whether there is news or work: part of no run.</summary>
    public static bool IsPoll(string path)
    {
        path = path.TrimEnd('/');
        return s_probes.Contains(path, StringComparer.OrdinalIgnoreCase) || (IsOfAnAgent(path) && s_polls.Any(poll => path.EndsWith(poll, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whether somebody waits for the answer: a user or a program of a user's, not a probe and not an agent at its work.</summary>
    public static bool IsOfAUser(string path) =>
        !IsPoll(path) && !(IsOfAnAgent(path) && path.TrimEnd('/').EndsWith("/task-results", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfAnAgent(string path) => path.StartsWith("/agents/", StringComparison.OrdinalIgnoreCase);
}
