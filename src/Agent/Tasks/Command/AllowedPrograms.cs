using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Command;

/// <summary>
/// The programs that the owner lets tasks start. What counts is the directory entry with the links of its folder followed:
/// <c>/bin/sh</c> and <c>/usr/bin/sh</c> are one where <c>/bin</c> is a link, while another name for the same file is not
/// allowed (one file can be many programs by name). An entry that leads elsewhere than when the agent started is refused.
/// </summary>
internal sealed class AllowedPrograms
{
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    public AllowedPrograms(IEnumerable<string> programs)
    {
        foreach (var program in programs)
        {
            if (RealPath.OfEntry(program) is { } entry && RealPath.Of(entry) is { } target)
                _targets[entry] = target;
        }
    }

    /// <summary>Null when it may be started, else why not.</summary>
    public string? Refusal(string program)
    {
        if (!Path.IsPathFullyQualified(program))
            return $"'{program}' is not an absolute path: programs are not looked up, and no shell is used";
        if (RealPath.OfEntry(program) is not { } entry || !_targets.TryGetValue(entry, out var target))
            return $"'{program}' is not among the programs that this agent allows";
        return RealPath.Of(entry) == target ? null : $"'{program}' leads elsewhere than when the agent started";
    }
}
