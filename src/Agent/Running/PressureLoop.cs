using Headgate.Agent.Attempts;
using Headgate.Core.Agents;

namespace Headgate.Agent.Running;

/// <summary>
/// The setting <c>limits.adaptive</c>: offers fewer slots while the machine is under pressure, and says so in the log when their number
/// changes. The next claim asks for no more; running tasks go on.
/// </summary>
internal sealed class PressureLoop(AttemptTable attempts, PressureReading reading, TimeProvider time, AgentLog log)
{
    /// <summary>The readings are averages of ten seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private AdaptiveSlots _slots;

    public async Task RunAsync(CancellationToken stop)
    {
        if (reading.Read() is null)
        {
            log.Warn("not-applied", ("setting", "limits.adaptive"), ("reason", "the system does not tell how busy it is"));
            return;
        }

        while (true)
        {
            Step();
            await Task.Delay(Interval, time, stop);
        }
    }

    internal void Step()
    {
        if (reading.Read() is not { } pressure)
            return;
        var limit = attempts.Limits.Total;
        var before = _slots.Offered(limit);
        _slots = _slots.Next(limit, pressure.Level);
        attempts.Withhold(_slots.Withheld);
        var offered = _slots.Offered(limit);
        if (offered != before)
            log.Info(offered < before ? "slots-fewer" : "slots-more", ("offered", offered), ("of", limit), ("cpu", pressure.Cpu), ("memory", pressure.Memory), ("io", pressure.Io));
    }
}
