using System.Diagnostics;
using Headgate.Agent.Options;
using Headgate.Fault.Tests.Wire;

namespace Headgate.Fault.Tests.Actors;

/// <summary>An identity of the project's own agent, and every process that uses it, all of them in this process and behind the proxy.</summary>
/// <param name="folder">Its state folders are in there.</param>
/// <param name="time">Of the machines they are on.</param>
internal sealed class RealAgent(string agentId, string key, string folder, AnsweringProxy proxy, TimeProvider time, Chance chance)
{
    private readonly List<AgentLife> _lives = [];
    private int _folders;

    public string Id => agentId;

    public IReadOnlyList<AgentLife> Live => [.. _lives.Where(life => !life.IsStopped)];

    public IReadOnlyList<AgentLife> Lives => _lives;

    /// <summary>On a folder of its own.</summary>
    public AgentLife Start() => StartOn(NewFolder());

    /// <summary>The same machine, the same folder: the next life follows one that has ended.</summary>
    public AgentLife StartOn(string state)
    {
        var name = $"/~{agentId}-{_lives.Count + 1}";
        var life = new AgentLife(name, Options(state, name), new AgentIdentity(agentId, key), time);
        _lives.Add(life);
        return life;
    }

    /// <summary>The state of one that lives is copied, with all results that it has not been answered for.</summary>
    public async Task<AgentLife> StartCopyAsync(AgentLife of)
    {
        var state = NewFolder();
        // The copying program asks for no lock.
        using var copying = Process.Start("cp", ["-a", of.State, state]);
        await copying.WaitForExitAsync();
        return StartOn(state);
    }

    /// <summary>As if it were killed: not a word of it arrives any more, and nothing reaches it.</summary>
    public async Task KillAsync(AgentLife life)
    {
        proxy.CutOff(life.Name);
        await life.StopAsync(isHurried: true);
    }

    private string NewFolder() => Path.Combine(folder, $"{agentId}-{++_folders}");

    private AgentOptions Options(string state, string name) => new(
        new Uri(proxy.Address, name + "/"),
        Path.Combine(state, "agent.key"),
        agentId,
        agentId,
        Tenant: null,
        new Dictionary<string, string>(StringComparer.Ordinal),
        new Dictionary<string, bool>(StringComparer.Ordinal) { ["noop"] = true, ["command"] = true },
        new Agent.Attempts.Limits(chance.Between(1, 4), new Dictionary<string, int>(StringComparer.Ordinal)),
        AllowedPrograms: ["/bin/sleep"],
        AllowedPaths: [],
        new ChildEnvironmentOptions([], new Dictionary<string, string>(StringComparer.Ordinal), []),
        state,
        Path.Combine(state, "work"),
        OutputLimitBytes: 4096,
        Heartbeat: TimeSpan.FromSeconds(2),
        ClaimWaitSeconds: chance.Of(0, 3, 20),
        RequestTimeout: TimeSpan.FromSeconds(15),
        StopGrace: TimeSpan.FromSeconds(chance.Of(0, 5)));
}
