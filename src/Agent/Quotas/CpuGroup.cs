using System.Globalization;

namespace Headgate.Agent.Quotas;

/// <summary>
/// The control group (cgroup v2) of all tasks' processes, with <c>cpu.max</c> as their common ceiling. There is one only where the agent
/// has a group of its own that it may write, as systemd's <c>Delegate=cpu</c> gives it: groups with other processes in them are left alone.
/// </summary>
/// <param name="folder">Of the tasks' group; null: there is none.</param>
internal sealed class CpuGroup(string? folder, AgentLog log)
{
    private const string TasksName = "headgate.tasks";
    private const string AgentName = "headgate.agent";
    private const string Members = "cgroup.procs";
    private const string Delegated = "cgroup.subtree_control";

    /// <summary>Microseconds.</summary>
    private const int Period = 100_000;

    private int _warned;

    public string? Folder => folder;

    /// <summary>Makes the tasks' group inside the one that this process is in, or says in the log why not.</summary>
    public static CpuGroup Create(Quota quota, AgentLog log)
    {
        var own = OperatingSystem.IsLinux() ? Own() : null;
        var group = own is null ? Without("no cgroup v2 here", log) : CreateIn(own, log);
        group.Limit(quota.CpuPercent);
        return group;
    }

    /// <param name="own">The folder of the agent's own group.</param>
    internal static CpuGroup CreateIn(string own, AgentLog log)
    {
        // A life before this one has moved itself into the inner group, and this one was started from there.
        if (Path.GetFileName(own) == AgentName)
            own = Path.GetDirectoryName(own)!;
        try
        {
            if (!Words(Path.Combine(own, "cgroup.controllers")).Contains("cpu"))
                return Without($"'{own}' has no cpu controller", log);
            // The root of all groups has no type, and is the only one that may hold processes beside groups.
            if (File.Exists(Path.Combine(own, "cgroup.type")))
                MoveInside(own);
            File.WriteAllText(Path.Combine(own, Delegated), "+cpu");
            return new CpuGroup(Directory.CreateDirectory(Path.Combine(own, TasksName)).FullName, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Without(e.Message, log);
        }
    }

    /// <summary>Sets the ceiling, also for those that run.</summary>
    /// <returns>As the system has it; null where there is no group.</returns>
    public string? Limit(int percent)
    {
        if (folder is null)
            return null;
        var max = percent >= 100 ? "max" : ((long)Period * Environment.ProcessorCount * percent / 100).ToString(CultureInfo.InvariantCulture);
        return Write("cpu.max", $"{max} {Period}") ? $"{max} {Period}" : null;
    }

    /// <summary>Moves a process into the group; what it starts from then on is in it too.</summary>
    public void Take(int processId)
    {
        if (folder is not null)
            Write(Members, processId.ToString(CultureInfo.InvariantCulture));
    }

    private static CpuGroup Without(string reason, AgentLog log)
    {
        log.Info("no-cpu-group", ("reason", reason), ("next", "the CPU quota is a nice value only"));
        return new CpuGroup(null, log);
    }

    private static void MoveInside(string own)
    {
        var others = Words(Path.Combine(own, Members)).Where(id => id != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).ToList();
        if (others.Count > 0)
            throw new IOException($"'{own}' holds {others.Count} other processes");
        var inner = Directory.CreateDirectory(Path.Combine(own, AgentName)).FullName;
        File.WriteAllText(Path.Combine(inner, Members), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The folder of this process' group; null where there is no cgroup v2.</summary>
    private static string? Own()
    {
        try
        {
            var path = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[4..];
            // id parent device root mountpoint options … - type source options
            var mount = File.ReadLines("/proc/self/mountinfo").FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))?.Split(' ')[4];
            return path is null || mount is null ? null : Path.TrimEndingDirectorySeparator(Path.Combine(mount, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Words(string file) => File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private bool Write(string name, string text)
    {
        try
        {
            File.WriteAllText(Path.Combine(folder!, name), text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that has ended already can't be moved: no news.
            if (name != Members && Interlocked.Exchange(ref _warned, 1) == 0)
                log.Warn("not-applied", ("setting", "cpu.max"), ("reason", e.Message));
            return false;
        }
    }
}
