namespace Headgate.Simulation;

/// <summary>What to simulate.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Decides everything that happens; 1 unless set.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>1,000 unless set.</summary>
    public int Tenants { get; init; } = 1000;

    /// <summary>Virtual hours in which runs are submitted; 24 unless set. What is then under way is carried to its end.</summary>
    public double Hours { get; init; } = 24;

    /// <summary>Agents of eight slots each; one for 50 tenants unless set, and two at least.</summary>
    public int Agents { get; init; } = 20;

    /// <summary>The share of attempts that fail by themselves, 0..1; 0.15 unless set. Silent agents come on top.</summary>
    public double FailureRate { get; init; } = 0.15;

    /// <summary>
    /// How often agents fall silent and operators stop tenants, as a multiple of the usual: an agent every six hours, a tenant every eight
    /// days; 1 unless set.
    /// </summary>
    public double Trouble { get; init; } = 1;

    /// <summary>The service's settings <c>Maintenance</c>: when it repairs and removes.</summary>
    public string Maintenance { get; init; } = "0 * * * * *";

    public static int AgentsFor(int tenants) => Math.Max(2, tenants / 50);
}
