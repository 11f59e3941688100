using System.Runtime.InteropServices;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>Names of users and groups as this system knows them; empty where it knows none.</summary>
internal sealed partial class OwnerNames
{
    /// <summary>More than a record of either kind holds beside its texts.</summary>
    private const int RecordSize = 256;

    private const int TextSize = 64 * 1024;

    private readonly Dictionary<uint, string> _users = [];
    private readonly Dictionary<uint, string> _groups = [];

    public string User(uint id) => _users.TryGetValue(id, out var known) ? known : _users[id] = Ask(id, FindUser);

    public string Group(uint id) => _groups.TryGetValue(id, out var known) ? known : _groups[id] = Ask(id, FindGroup);

    private delegate int Find(uint id, byte[] record, byte[] texts, nuint size, out nint found);

    // Both kinds of record begin with the address of the name, which lies among the texts: these must not move meanwhile.
    private static string Ask(uint id, Find find)
    {
        var record = GC.AllocateArray<byte>(RecordSize, pinned: true);
        var texts = GC.AllocateArray<byte>(TextSize, pinned: true);
        if (find(id, record, texts, TextSize, out var found) != 0 || found == 0)
            return "";
        return Marshal.PtrToStringUTF8((nint)BitConverter.ToInt64(record)) ?? "";
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int FindUser(uint id, byte[] record, byte[] texts, nuint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static partial int FindGroup(uint id, byte[] record, byte[] texts, nuint size, out nint found);
}
