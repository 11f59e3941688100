using System.Runtime.InteropServices;
using Headgate.Agent.Files;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tasks.Command;

/// <summary>
/// Applies <c>cpuQuotaPercent</c> and <c>ioPriority</c> to commands: the quota as a nice value, which is a share under
/// contention and not a ceiling. <c>bandwidthLimitMbps</c> can't be applied here. What is not done is said in the log, once.
/// </summary>
internal sealed class ChildPriority(AgentLog log)
{
    private const int MaxNice = 19;
    private const int ClassShift = 13;
    private const int BestEffort = 2;
    private const int Idle = 3;

    private AgentSettings? _settings;
    private int _warned;

    public void Apply(AgentSettings settings)
    {
        _settings = settings;
        log.Info("priority", ("cpuQuotaPercent", settings.CpuQuotaPercent), ("nice", Nice(settings.CpuQuotaPercent)), ("ioPriority", settings.IoPriority));
        if (settings.BandwidthLimitMbps is not null)
            log.Warn("not-applied", ("setting", "bandwidthLimitMbps"), ("reason", "this agent can't limit the bandwidth of its tasks"));
    }

    /// <summary>Where the system refuses, the child runs on as it is.</summary>
    public void Set(int processId)
    {
        if (_settings is not { } settings)
            return;
        var done = OperatingSystem.IsLinux() && Posix.SetPriority(0, processId, Nice(settings.CpuQuotaPercent)) == 0;
        done &= SetIo(processId, settings.IoPriority);
        if (!done && Interlocked.Exchange(ref _warned, 1) == 0)
            log.Warn("not-applied", ("setting", "cpuQuotaPercent, ioPriority"), ("reason", "the system did not allow it"));
    }

    /// <summary>100 % is 0, 1 % is 19.</summary>
    internal static int Nice(int cpuQuotaPercent) => MaxNice * (100 - Math.Clamp(cpuQuotaPercent, 1, 100)) / 99;

    private static bool SetIo(int processId, string? priority)
    {
        long? number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 251,
            Architecture.Arm64 => 30,
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || number is not { } call)
            return false;
        var value = priority switch
        {
            "idle" => Idle << ClassShift,
            "normal" => (BestEffort << ClassShift) | 4,
            _ => (BestEffort << ClassShift) | 7,
        };
        return Posix.SystemCall(call, 1, processId, value) == 0;
    }
}
