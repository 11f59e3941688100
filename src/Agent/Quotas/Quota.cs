using Headgate.Contracts.Agents;

namespace Headgate.Agent.Quotas;

/// <summary>What the tasks of this agent may use of the machine.</summary>
/// <param name="CpuPercent">1..100 of all processors together.</param>
/// <param name="IoPriority"><c>idle</c>, <c>low</c> or <c>normal</c>.</param>
/// <param name="BandwidthMbps">Megabits a second of all transfers together, up and down each; null: no limit.</param>
internal sealed record Quota(int CpuPercent, string IoPriority, int? BandwidthMbps)
{
    public const string NormalIo = "normal";

    private const int MaxNice = 19;
    private const int BitsInKib = 8 * 1024;

    /// <summary>From the least to the most.</summary>
    private static readonly string[] s_ioPriorities = ["idle", "low", NormalIo];

    public static Quota Unlimited { get; } = new(100, NormalIo, null);

    /// <summary>100 % is 0, 1 % is 19. A share under contention, not a ceiling.</summary>
    public int Nice => MaxNice * (100 - CpuPercent) / 99;

    /// <summary>The lower of both, everywhere: the service may tighten what the owner set, never widen it. Numbers out of range are moved into it.</summary>
    public Quota TightenedBy(AgentSettings settings) => new(
        Math.Min(CpuPercent, Math.Clamp(settings.CpuQuotaPercent, 1, 100)),
        s_ioPriorities[Math.Min(Rank(settings.IoPriority), Rank(IoPriority))],
        settings.BandwidthLimitMbps is { } limit ? Math.Min(BandwidthMbps ?? int.MaxValue, Math.Max(1, limit)) : BandwidthMbps);

    /// <summary>The share of one of so many transfers, in KiB/s, as restic counts; null: no limit.</summary>
    public int? KibPerSecond(int transfers) =>
        BandwidthMbps is { } limit ? (int)Math.Clamp(limit * 1_000_000L / BitsInKib / Math.Max(1, transfers), 1, int.MaxValue) : null;

    // A priority that this build does not know counts as low.
    private static int Rank(string? priority) => Array.IndexOf(s_ioPriorities, priority) is >= 0 and var rank ? rank : 1;
}
