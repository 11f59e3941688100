using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Demo;

/// <summary>What the steps play on: a temporary folder, the service as a process of its own, agents as processes of their own.</summary>
internal sealed class Stage : IDisposable
{
    /// <summary>Pro: 5 runs at once.</summary>
    public const string Acme = "acme";

    /// <summary>Free: 1 run at once.</summary>
    public const string Tiny = "tiny";

    private const int LeaseSeconds = 5;
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(20);

    private readonly string _key = $"hg_demo_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
    private readonly Dictionary<string, ChildProcess> _agents = new(StringComparer.Ordinal);
    private ChildProcess? _service;
    private int _port;

    public Stage()
    {
        Folder = Directory.CreateTempSubdirectory("headgate-demo-").FullName;
        Directory.CreateDirectory(Work);
        Api = new Api(_key);
        Scripts = new Scripts(Folder);
    }

    public string Folder { get; }

    /// <summary>The one folder besides the repository that the agents' owner lets tasks touch.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>restic's repository, which tasks reach by its name alone.</summary>
    public string Vault => Path.Combine(Folder, "vault");

    public Api Api { get; }

    public Scripts Scripts { get; }

    /// <summary>Starts the service on the same data folder and, from the second time on, the same port.</summary>
    public async Task StartServiceAsync(CancellationToken cancellationToken)
    {
        _service = new ChildProcess(
            [Programs.Service, "--data", Path.Combine(Folder, "data"), "--port", _port.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HEADGATE_ADMIN_KEY"] = _key,
                ["Headgate__Leases__Seconds"] = LeaseSeconds.ToString(CultureInfo.InvariantCulture),
                ["Headgate__Heartbeat__Seconds"] = "1",
            },
            awaited: "listening on ");
        var line = await _service.ReadyAsync(StartsWithin, cancellationToken);
        Api.Address = line["listening on ".Length..].Trim();
        _port = new Uri(Api.Address).Port;
    }

    public void KillService() => _service?.Kill();

    public async Task CreateTenantAsync(string id, string name, string plan, CancellationToken cancellationToken) =>
        (await Api.PostAsync("/tenants", new CreateTenantRequest(id, name, plan), ContractJson.Default.CreateTenantRequest, cancellationToken))
        .Expect(System.Net.HttpStatusCode.Created);

    /// <summary>Registers a shared agent of commands and archives, and starts it.</summary>
    public async Task StartAgentAsync(string name, CancellationToken cancellationToken)
    {
        await RegisterAgentAsync(name, AgentConfig.Write(this, name), cancellationToken);
        RunAgent(name);
    }

    /// <returns>Its id.</returns>
    public async Task<string> RegisterAgentAsync(string name, string config, CancellationToken cancellationToken)
    {
        var operatorKey = new Dictionary<string, string>(StringComparer.Ordinal) { ["HEADGATE_AGENT_OPERATOR_KEY"] = _key };
        using var register = new ChildProcess([Programs.Agent, "register", "--config", config], operatorKey);
        if (await register.EndAsync(cancellationToken) != 0)
            throw new NotProvenException($"agent {name} could not register:{Environment.NewLine}{register.Printed}");
        return (await File.ReadAllTextAsync(Path.Combine(Folder, name, "state", "agent.id"), cancellationToken)).Trim();
    }

    /// <summary>Starts an agent that is registered.</summary>
    public void RunAgent(string name) =>
        _agents[name] = new ChildProcess([Programs.Agent, "run", "--config", Path.Combine(Folder, name, "agent.yaml")], new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The agent's id as the service knows it, by its name.</summary>
    public async Task<string> NameOfAgentAsync(string agentId, CancellationToken cancellationToken) =>
        (await Api.GetAsync($"/agents/{agentId}", cancellationToken)).Text("name") ?? agentId;

    public void KillAgent(string name) => _agents[name].Kill();

    public void Dispose()
    {
        foreach (var agent in _agents.Values)
            agent.Dispose();
        _service?.Dispose();
        Api.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What the processes printed last, for a report of failure.</summary>
    public string Printed => string.Join(
        Environment.NewLine,
        _agents.Select(agent => $"--- agent {agent.Key}{Environment.NewLine}{agent.Value.Printed}").Prepend($"--- service{Environment.NewLine}{_service?.Printed}"));
}
