using Headgate.Load.Machine;

namespace Headgate.Load.Figures;

/// <summary>One stretch of measuring.</summary>
/// <param name="Latencies">One sample an answer.</param>
/// <param name="Processor">Its length, and who used the processors meanwhile.</param>
internal sealed record Round(Samples Latencies, ProcessorUse Processor)
{
    public double PerSecond => Latencies.Count / Processor.Elapsed.TotalSeconds;
}
