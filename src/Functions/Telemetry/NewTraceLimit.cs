using OpenTelemetry.Trace;

namespace Headgate.Functions.Telemetry;

/// <summary>
/// Records so many new traces a second and drops the rest whole, so that what traces cost does not grow with the load. A trace that a caller has begun is its to
/// decide. Polls are not recorded, and take no place.
/// </summary>
public sealed class NewTraceLimit(TimeProvider clock) : Sampler
{
    public const int PerSecond = 20;

    /// <summary>So many at once after a quiet time.</summary>
    public const int Burst = 100;

    private readonly long _step = clock.TimestampFrequency / PerSecond;
    private long _next;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(!IsPoll(samplingParameters) && Take() ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);

    // The web server tells the path only where the host's project file asks it to.
    private static bool IsPoll(in SamplingParameters parameters)
    {
        foreach (var (name, value) in parameters.Tags ?? [])
        {
            if (name == "url.path")
                return value is string path && RoutineCalls.IsPoll(path);
        }

        return false;
    }

    // When the next trace would be due at the steady pace; how far that is ahead of now says how much of the burst is used.
    private bool Take()
    {
        while (true)
        {
            var (now, next) = (clock.GetTimestamp(), Volatile.Read(ref _next));
            var from = Math.Max(next, now);
            if (from - now > (Burst - 1) * _step)
                return false;
            if (Interlocked.CompareExchange(ref _next, from + _step, next) == next)
                return true;
        }
    }
}
