using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Command;

/// <summary>
/// The programs that the owner lets tasks start. What counts is the directory entry with the links of its folder followed:
/// <c>/bin/sh</c> and <c>/usr/bin/sh</c> are one where <c>/bin</c> is a link, while another name for the same file is not
/// allowed (one file can be many programs by name). Links are followed each time, since an upgrade of the system moves them on; what
/// they then lead to must belong to whom it may: root, this agent's user, or whose the program was when the agent started.
/// </summary>
internal sealed class AllowedPrograms
{
    /// <summary>By the path in the configuration.</summary>
    private readonly Dictionary<string, FileStatus?> _programs = new(StringComparer.Ordinal);

    public AllowedPrograms(IEnumerable<string> programs)
    {
        foreach (var program in programs)
            _programs[program] = Target(program);
    }

    /// <summary>Null when it may be started, else why not.</summary>
    public string? Refusal(string program)
    {
        if (!Path.IsPathFullyQualified(program))
            return $"'{program}' is not an absolute path: programs are not looked up, and no shell is used";
        if (RealPath.OfEntry(program) is not { } entry || _programs.Keys.FirstOrDefault(known => known == program || RealPath.OfEntry(known) == entry) is not { } allowed)
            return $"'{program}' is not among the programs that this agent allows";
        if (!OperatingSystem.IsLinux() || Target(entry) is not { } now)
            return null;
        var before = _programs[allowed];
        var isTrusted = now.IsRegular && (now.Owner == 0 || now.Owner == Posix.EffectiveUser() || now.Owner == before?.Owner) && (!now.IsOpenToAll || before is { IsOpenToAll: true });
        return isTrusted ? null : $"'{program}' leads to '{RealPath.Of(entry)}' now, which others than the program's owner can change";
    }

    /// <summary>Null where nothing is there now: starting it tells.</summary>
    private static FileStatus? Target(string program) => OperatingSystem.IsLinux() && RealPath.Of(program) is { } real ? Posix.Status(real) : null;
}
