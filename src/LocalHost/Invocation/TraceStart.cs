using System.Diagnostics;

namespace Headgate.LocalHost.Invocation;

/// <summary>Begins the W3C trace that an invocation runs in.</summary>
internal static class TraceStart
{
    /// <param name="name">What begins.</param>
    /// <param name="traceParent">The sender's trace, to go on from; anything that is none begins a new one.</param>
    /// <returns>To be stopped at the end; null where a listener has begun one already.</returns>
    public static Activity? Begin(string name, string? traceParent, string? traceState = null)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C })
            return null;
        var activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        if (ActivityContext.TryParse(traceParent, traceState, out var parent))
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
        }

        return activity.Start();
    }
}
