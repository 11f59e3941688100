using Headgate.Load.Machine;

namespace Headgate.Load.Figures;

/// <summary>One stretch of measuring.</summary>
/// <param name="Latencies">One sample an answer.</param>
/// <param name="Processor">Its length, and who used the processors meanwhile.</param>
internal sealed record Round(Samples Latencies, ProcessorUse Processor)
{
    /// <summary>Processor time the server used for each answer; the generator's, where what is measured runs in its process. In microseconds.</summary>
    public double? ProcessorMicroseconds => Latencies.Count == 0
        ? null
        : (Processor.Server > TimeSpan.Zero ? Processor.Server : Processor.Generator).TotalMicroseconds / Latencies.Count;

    public double PerSecond => Latencies.Count / Processor.Elapsed.TotalSeconds;
}
