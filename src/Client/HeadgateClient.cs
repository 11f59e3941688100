using Headgate.Client.Calls;

namespace Headgate.Client;

/// <summary>The calls of the contract, by what they are about. Safe for concurrent use.</summary>
public sealed class HeadgateClient : IDisposable
{
    private readonly HttpClient? _own;

    /// <summary>A client on a connection that somebody else makes, configures and disposes of.</summary>
    /// <param name="http">With the service's address and the caller's credentials. What it retries is its own matter.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public HeadgateClient(HttpClient http, TimeProvider? time = null)
    {
        var wire = new Wire(http, time ?? TimeProvider.System);
        Tenants = new TenantCalls(wire);
        Keys = new KeyCalls(wire);
        Members = new MemberCalls(wire);
        Policies = new PolicyCalls(wire);
        Resources = new ResourceCalls(wire);
        Schedules = new ScheduleCalls(wire);
        Runs = new RunCalls(wire);
        DeadLetters = new DeadLetterCalls(wire);
        Agents = new AgentCalls(wire);
        Operations = new OperationCalls(wire);
    }

    /// <summary>A client of its own, without a container.</summary>
    /// <exception cref="ArgumentException">No service is named.</exception>
    public HeadgateClient(HeadgateClientOptions options)
        : this(Transport.Connect(options), options.Time, isOwn: true)
    {
    }

    private HeadgateClient(HttpClient http, TimeProvider time, bool isOwn)
        : this(http, time) => _own = isOwn ? http : null;

    public TenantCalls Tenants { get; }

    public KeyCalls Keys { get; }

    public MemberCalls Members { get; }

    public PolicyCalls Policies { get; }

    public ResourceCalls Resources { get; }

    public ScheduleCalls Schedules { get; }

    public RunCalls Runs { get; }

    public DeadLetterCalls DeadLetters { get; }

    public AgentCalls Agents { get; }

    public OperationCalls Operations { get; }

    public void Dispose() => _own?.Dispose();
}
