using System.Globalization;
using System.Text.RegularExpressions;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// Which processes of restic this agent has started and not seen end by themselves: a file each, named for the process. A lock in a repository
/// that names such a process, when it lives no more, is a leftover of our own and may be taken away. Of others' locks nothing is known here.
/// </summary>
internal sealed partial class ResticLocks(string folder)
{
    /// <summary>A number of a process comes around again.</summary>
    private const int Most = 100;

    public void Began(int processId)
    {
        try
        {
            OwnFolder.Ensure(folder);
            File.WriteAllText(FileOf(processId), "");
            foreach (var old in Directory.GetFiles(folder).OrderByDescending(File.GetLastWriteTimeUtc).Skip(Most))
                File.Delete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then a leftover stays until its owner runs restic unlock.
        }
    }

    /// <summary>It has ended by itself, and has taken its locks away.</summary>
    public void Ended(int processId)
    {
        try
        {
            File.Delete(FileOf(processId));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No harm: a lock that names it is looked at only when it lives no more.
        }
    }

    /// <summary>The process of ours that left the lock which restic complains of; null where it is not ours, or alive.</summary>
    public int? Leftover(string text) =>
        Holder().Match(text) is { Success: true } match
        && match.Groups["host"].Value == Environment.MachineName
        && int.TryParse(match.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && File.Exists(FileOf(process))
        && !Directory.Exists($"/proc/{process}")
            ? process
            : null;

    private string FileOf(int processId) => Path.Combine(folder, processId.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"locked (exclusively )?by PID (?<process>\d{1,9}) on (?<host>\S+) by", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Holder();
}
