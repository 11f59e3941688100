using Headgate.Load.Figures;
using Headgate.LocalHost;

namespace Headgate.Load;

/// <summary>What to measure and how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>Length of a round; 2 s unless set.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Load before the first round, whose answers count nowhere; 4 to 20 s unless set.</summary>
    public WarmUp WarmUp { get; init; } = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));

    /// <summary>Rounds, of which the median is given; 3 unless set.</summary>
    public int Rounds { get; init; } = 3;

    public IReadOnlyList<int> Clients { get; init; } = [32, 256];

    public IReadOnlyList<int> Tenants { get; init; } = [1, 10, 100, 1000];

    /// <summary>Agents where a measure says "with agents"; 4 unless set.</summary>
    public int Agents { get; init; } = 4;

    /// <summary>Tasks an agent claims at once, 1..100; 50 unless set.</summary>
    public int Claim { get; init; } = 50;

    /// <summary>Runs of an end-to-end round; 2,000 unless set.</summary>
    public int Runs { get; init; } = 2000;

    /// <summary>Runs submitted one at a time; 1,000 unless set.</summary>
    public int IdleRuns { get; init; } = 1000;

    /// <summary>Tasks that wait in backoff; 10,000 unless set.</summary>
    public int BackoffTasks { get; init; } = 10_000;

    /// <summary>How long a service at rest is watched; 20 s unless set.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Finished runs in the file that a start is timed on; 100,000 unless set.</summary>
    public int FinishedRuns { get; init; } = 100_000;

    /// <summary>Rows in the file that growth is measured on; 1,000,000 unless set.</summary>
    public int Rows { get; init; } = 1_000_000;

    /// <summary>Where data folders are made; the system's folder for temporary files unless set.</summary>
    public string Data { get; init; } = Path.GetTempPath();

    /// <summary>A data folder of finished runs to go on with and to keep; null: a new one that goes away.</summary>
    public string? Filled { get; init; }

    /// <summary>The assembly of the service; the one built with this program unless set.</summary>
    public string Service { get; init; } = typeof(LocalServer).Assembly.Location;

    /// <summary>Everything short: shows that the rig works, not how fast the service is.</summary>
    public LoadOptions Quick() => this with
    {
        Round = TimeSpan.FromSeconds(1),
        WarmUp = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        Rounds = 1,
        Runs = Math.Min(Runs, 500),
        IdleRuns = Math.Min(IdleRuns, 100),
        BackoffTasks = Math.Min(BackoffTasks, 500),
        Watch = TimeSpan.FromSeconds(2),
        FinishedRuns = Math.Min(FinishedRuns, 2000),
        Rows = Math.Min(Rows, 20_000),
    };
}
