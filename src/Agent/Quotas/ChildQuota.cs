using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Headgate.Agent.Files;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Quotas;

/// <summary>
/// Starts children under the quota in force: the CPU quota as a nice value and, where the system lets it, as the ceiling of a
/// <see cref="CpuGroup"/>; the I/O priority as that of <c>ionice</c>. What the system does not allow is logged once, and the child runs all the same.
/// </summary>
internal sealed class ChildQuota
{
    private const int ClassShift = 13;
    private const int BestEffort = 2;
    private const int Idle = 3;
    private const int StackBytes = 256 * 1024;

    private readonly Quota _own;
    private readonly CpuGroup _group;
    private readonly AgentLog _log;
    private volatile Quota _current;
    private int _warned;

    /// <param name="own">What the machine's owner allows; the service may tighten it.</param>
    public ChildQuota(Quota own, CpuGroup group, AgentLog log) => (_own, _current, _group, _log) = (own, own, group, log);

    public Quota Current => _current;

    /// <summary>Running children keep their priorities; the ceiling of the group holds for them at once.</summary>
    public void Apply(AgentSettings settings)
    {
        var quota = _own.TightenedBy(settings);
        _current = quota;
        _log.Info(
            "quota",
            ("cpuQuotaPercent", quota.CpuPercent), ("nice", quota.Nice), ("cpuMax", _group.Limit(quota.CpuPercent) ?? "none"),
            ("ioPriority", quota.IoPriority), ("bandwidthLimitMbps", quota.BandwidthMbps is { } limit ? limit : "unlimited"));
    }

    /// <summary>As <see cref="Process.Start()"/>.</summary>
    public void Start(Process process)
    {
        var quota = _current;
        ExceptionDispatchInfo? failure = null;
        // A child takes over what the thread that starts it has, threads of its own included. So a thread is made for each: one that
        // has lowered its priority may not be able to raise it again.
        var thread = new Thread(
            () =>
            {
                Lower(quota);
                try
                {
                    process.Start();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes)
        {
            IsBackground = true,
        };
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        _group.Take(process.Id);
    }

    private void Lower(Quota quota)
    {
        if (!OperatingSystem.IsLinux())
        {
            Warn("only Linux has them");
            return;
        }

        // An agent that is nicer already stays so: it may not be allowed less.
        var done = quota.Nice == 0 || Posix.GetPriority(0, 0) >= quota.Nice || Posix.SetPriority(0, 0, quota.Nice) == 0;
        done &= SetIo(quota.IoPriority);
        if (!done)
            Warn("the system did not allow it");
    }

    private void Warn(string reason)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
            _log.Warn("not-applied", ("setting", "nice value, ioPriority"), ("reason", reason));
    }

    private static bool SetIo(string priority)
    {
        long? number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 251,
            Architecture.Arm64 => 30,
            _ => null,
        };
        var value = priority switch
        {
            "idle" => Idle << ClassShift,
            Quota.NormalIo => (BestEffort << ClassShift) | 4,
            _ => (BestEffort << ClassShift) | 7,
        };
        return number is { } call && OperatingSystem.IsLinux() && Posix.SystemCall(call, 1, 0, value) == 0;
    }
}
