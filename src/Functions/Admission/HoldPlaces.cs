using Headgate.Functions.Options;

namespace Headgate.Functions.Admission;

/// <summary>
/// How many calls this process may still hold, of all tenants together: each occupies one of the requests that its host serves at a time, which
/// heartbeats and claims need too. Tenants that decide at the same instant may take a few more.
/// </summary>
public sealed class HoldPlaces(HeadgateOptions options)
{
    private int _taken;

    /// <summary>0 or more.</summary>
    public int Left => Math.Max(options.Admission.MaxHeldCalls - Volatile.Read(ref _taken), 0);

    internal void Take() => Interlocked.Increment(ref _taken);

    internal void GiveBack() => Interlocked.Decrement(ref _taken);
}
