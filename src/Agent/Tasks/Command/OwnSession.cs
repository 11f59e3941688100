using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Command;

/// <summary>
/// Starts a program in a session of its own, so that what a terminal sends to its whole process group, Ctrl+C above all, reaches the
/// agent and not the tasks that are to have their grace. A process that has begun its program can't be moved by another, so
/// <c>setsid</c> of the system does it on the way, under the same process id.
/// </summary>
internal static class OwnSession
{
    private static readonly string? Launcher =
        OperatingSystem.IsLinux() ? new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists) : null;

    public static bool IsPossible => Launcher is not null;

    /// <summary>What to start instead. What the system itself will refuse to start stays as it is, so that its reason is seen.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> argv) => Launcher is { } launcher && CanStart(argv[0]) ? [launcher, .. argv] : argv;

    // The launcher hands a file that is neither to a shell.
    private static bool CanStart(string program)
    {
        if (!OperatingSystem.IsLinux() || !Posix.IsExecutable(program))
            return false;
        using var file = Posix.TryOpen(program);
        if (file is null)
            return true;
        Span<byte> head = stackalloc byte[4];
        var length = RandomAccess.Read(file, head, 0);
        return head[..length].StartsWith("#!"u8) || head[..length].SequenceEqual("\u007fELF"u8);
    }
}
