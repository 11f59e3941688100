using Headgate.Infrastructure.Tests.Firing.Telemetry;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Firing.Cases;

/// <summary>A course of things that a rule must fire on, or must not.</summary>
/// <param name="Name">What happens, in words.</param>
/// <param name="Fires">Whether the rule must.</param>
/// <param name="Play">Lets it happen up to the end of the time that the rule looks at.</param>
internal sealed record FiringCase(string Name, bool Fires, Action<Site> Play)
{
    /// <summary>A query rule looks at a time that ended so many minutes ago.</summary>
    public const int Lag = 3;

    /// <summary>What happens after the time that the rule looks at, each minute; nothing by default.</summary>
    public Action<Site, int> Since { get; init; } = (_, _) => { };

    public static IReadOnlyList<FiringCase> Of(AlertRule rule) => rule.Signal switch
    {
        { Source: "gauge" } => GaugeCases.Of(rule),
        { Source: "counter" } => CounterCases.Of(rule),
        { Source: "ratio" } => RatioCases.Of(rule),
        { Source: "requests", Measure: "server-error-percent" } => ServerErrorCases.Of(rule),
        { Source: "requests", Measure: "p95-seconds" } => SlowResponseCases.Of(rule),
        { Source: "queue" } => QueueCases.Of(rule),
        { Source: "availability" } => AvailabilityCases.Of(rule),
        { Source: "workspace" } => OperationCases.Of(rule),
        _ => throw new NotSupportedException($"{rule.Id} has no cases."),
    };

    /// <summary>Whether the rule looks back a while, for telemetry to arrive; what the platform measures itself is there at once.</summary>
    public static int LagOf(AlertRule rule) => rule.Signal.Source is "queue" or "availability" ? 0 : Lag;

    /// <summary>How many minutes a trouble lasts whose end the rule can see. An operation is written once, when the trouble begins, and nothing tells of its end.</summary>
    public static int TroubleOf(AlertRule rule) => rule.Signal.Source == "workspace" ? 1 : rule.ForMinutes + 30;

    /// <summary>Minutes in which the rule's signal passes its threshold all the time, or is fine all the time.</summary>
    public static void Course(AlertRule rule, Site site, int minutes, bool passes)
    {
        Action<int> happens = rule.Signal switch
        {
            { Source: "gauge" } => _ => site["one"].Measure(rule.Signal, passes ? rule.Threshold + 1 : 0),
            { Source: "counter" } => _ => site["one"].Count(rule.Signal, passes ? rule.Threshold + 1 : 0),
            { Source: "ratio" } => _ => RatioCases.Settle(site["one"], passes ? 20 : 0, passes ? 0 : 20),
            { Source: "requests", Measure: "server-error-percent" } => _ => site.Called(passes ? "500" : "200", count: 20),
            { Source: "requests" } => _ => site.Called("200", passes ? (rule.Threshold * 1000) + 1 : 1, 20),
            { Source: "queue" } => _ => site.QueueMetrics.Add((site.Now, rule.Signal.Labels["queue"], rule.Signal.Metric!, passes ? rule.Threshold + 1 : 0)),
            { Source: "workspace" } => _ => OperationCases.Write(site, passes ? OperationCases.AtCap : "RespectQuota", rule.Threshold + 1),
            _ => _ => AvailabilityCases.Look(site, passes ? rule.Threshold + 1 : 0),
        };
        site.Pass(minutes, happens);
    }
}
