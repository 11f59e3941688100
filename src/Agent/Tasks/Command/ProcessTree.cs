using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Command;

/// <summary>
/// Ends a command with all that it started. Descendants are found by parentage, then by the marker variable in their
/// environment, which also finds those whose parents have gone. Out of reach: a process that left the tree and cleared its environment.
/// </summary>
internal static class ProcessTree
{
    public const string MarkerVariable = "HEADGATE_TASK";

    private const int MaxPasses = 20;
    private const int MaxEnvironment = 2 * 1024 * 1024;

    private static readonly byte[] Prefix = Encoding.UTF8.GetBytes(MarkerVariable + "=");

    public static void Kill(Process root, string marker)
    {
        try
        {
            root.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Gone already, wholly or in part; the marker finds what is left.
        }

        KillMarked(m => m == marker);
    }

    /// <summary>Kills, until none is found, every process with such a marker; a pass can miss one that was just starting.</summary>
    /// <returns>How many were killed.</returns>
    public static int KillMarked(Func<string, bool> isMeant)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var killed = 0;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var found = Processes().Where(id => Marker(id) is { } marker && isMeant(marker)).ToList();
            if (found.Count == 0)
                break;
            killed += found.Count(id => Posix.Kill(id, Posix.KillSignal) == 0);
        }

        return killed;
    }

    private static IEnumerable<int> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId)
                yield return id;
        }
    }

    private static string? Marker(int processId)
    {
        using var file = Posix.TryOpen($"/proc/{processId}/environ");
        if (file is null)
            return null;
        var buffer = new byte[8192];
        var length = 0;
        try
        {
            while (RandomAccess.Read(file, buffer.AsSpan(length), length) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length && length < MaxEnvironment)
                    Array.Resize(ref buffer, length * 2);
            }
        }
        catch (IOException)
        {
            return null;
        }

        foreach (var range in buffer.AsSpan(0, length).Split((byte)0))
        {
            var variable = buffer.AsSpan(range);
            if (variable.StartsWith(Prefix))
                return Encoding.UTF8.GetString(variable[Prefix.Length..]);
        }

        return null;
    }
}
