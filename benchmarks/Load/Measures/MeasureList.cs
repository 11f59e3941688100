using Headgate.Load.Measures.Gate;
using Headgate.Load.Measures.Restart;
using Headgate.Load.Measures.Runs;

namespace Headgate.Load.Measures;

/// <summary>Every measure, in the order in which <c>all</c> runs them.</summary>
internal static class MeasureList
{
    public const string All = "all";

    public static IReadOnlyList<IMeasure> Measures { get; } =
    [
        new LimitMeasure(),
        new AdmitInProcessMeasure(),
        new AdmitMeasure(),
        new RefuseMeasure(),
        new EndToEndMeasure(),
        new IdleMeasure(),
        new WorkflowsMeasure(),
        new CapMeasure(),
        new FairnessMeasure(),
        new RecoveryMeasure(),
        new BackoffMeasure(),
        new FleetMeasure(),
        new ResourcesMeasure(),
        new StartMeasure(),
        new GrowthMeasure(),
    ];
}
