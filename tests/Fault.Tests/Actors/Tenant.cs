using Headgate.Fault.Tests.Wire;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests.Actors;

/// <param name="Limit">How many of its runs may be in flight.</param>
/// <param name="Queue">How many more may wait for a slot.</param>
/// <param name="Policy">The name of the policy its tasks follow.</param>
/// <param name="Line">Speaks with a key of its own.</param>
internal sealed record Tenant(string Id, int Limit, int Queue, string Policy, RetryRange Retry, Line Line)
{
    private TenantStanding _standing = new(paused: false);

    public string Path => $"/tenants/{Id}";

    public TenantStanding Standing
    {
        get => Volatile.Read(ref _standing);
        set => Volatile.Write(ref _standing, value);
    }

    /// <summary>Whether the tenant was as <paramref name="before"/> says all the time since.</summary>
    public bool Still(TenantStanding before) => ReferenceEquals(Standing, before);

    /// <summary>The ledger as seen from outside never exceeds the limit.</summary>
    public void SawInFlight(int inFlight, Sightings sightings) =>
        sightings.Holds(inFlight >= 0 && inFlight <= Limit, () => $"{Id} has {inFlight} runs in flight; its limit is {Limit}");
}

/// <summary>A retry policy and the delays it allows.</summary>
internal sealed record RetryRange(int MaxRetries, double BaseSeconds, double MaxSeconds, double Jitter)
{
    private const double Floor = 0.05;
    private const double Factor = 2;

    public string Body =>
        $$"""{"maxRetries":{{MaxRetries}},"baseSeconds":{{BaseSeconds:0.###}},"maxSeconds":{{MaxSeconds}},"jitter":{{Jitter}},"factor":{{Factor}}}""";

    /// <summary>Whether so many retries may have been followed by this delay, in seconds; times are told in whole milliseconds.</summary>
    public bool Allows(int retry, double delay)
    {
        var nominal = Math.Min(BaseSeconds * Math.Pow(Factor, retry - 1), MaxSeconds);
        return delay >= Math.Max(nominal * (1 - Jitter), Floor) - 0.002 && delay <= Math.Max(Math.Min(nominal * (1 + Jitter), MaxSeconds), Floor) + 0.002;
    }
}
