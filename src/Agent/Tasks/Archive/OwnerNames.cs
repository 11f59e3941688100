using System.Runtime.InteropServices;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// The names that this system has for user and group ids; the empty text for an id without a name. Remembers what it has looked up. Not safe
/// for concurrent use.
/// </summary>
internal sealed partial class OwnerNames
{
    /// <summary>Bytes for a <c>struct passwd</c> or <c>struct group</c>, which are below 64.</summary>
    private const int RecordSize = 256;

    /// <summary>Bytes for the texts that such a record points to.</summary>
    private const int TextSize = 64 * 1024;

    private readonly Dictionary<uint, string> _users = [];
    private readonly Dictionary<uint, string> _groups = [];

    public string User(uint id) => _users.TryGetValue(id, out var known) ? known : _users[id] = NameOf(id, UserById);

    public string Group(uint id) => _groups.TryGetValue(id, out var known) ? known : _groups[id] = NameOf(id, GroupById);

    private delegate int Lookup(uint id, byte[] record, byte[] texts, nuint size, out nint found);

    // Both structs begin with a pointer to the name, which lies in 'texts'. Pinned, so that no collection moves them before it is read.
    private static string NameOf(uint id, Lookup lookup)
    {
        var record = GC.AllocateArray<byte>(RecordSize, pinned: true);
        var texts = GC.AllocateArray<byte>(TextSize, pinned: true);
        if (lookup(id, record, texts, TextSize, out var found) != 0 || found == 0)
            return "";
        return Marshal.PtrToStringUTF8((nint)BitConverter.ToInt64(record)) ?? "";
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int UserById(uint id, byte[] record, byte[] texts, nuint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static partial int GroupById(uint id, byte[] record, byte[] texts, nuint size, out nint found);
}
