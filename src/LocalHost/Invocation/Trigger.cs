using Headgate.LocalHost.Timers;

namespace Headgate.LocalHost.Invocation;

/// <summary>What starts a function, with every setting resolved. A closed family.</summary>
internal abstract record Trigger
{
    private Trigger()
    {
    }

    /// <param name="Route">Template below the route prefix.</param>
    /// <param name="Methods">Upper case; empty: every method.</param>
    public sealed record Http(string Route, IReadOnlyList<string> Methods) : Trigger;

    public sealed record Queue(string Name) : Trigger;

    public sealed record Timer(CronSchedule Schedule) : Trigger;

    public sealed record Orchestration(string Name) : Trigger;

    public sealed record Activity(string Name) : Trigger;
}
