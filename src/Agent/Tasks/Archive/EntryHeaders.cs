using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// What an archive says of each entry: name, kind, time, permissions, owner and group by number and name. A file with several names is
/// written once, and each further name as a link to the first.
/// </summary>
internal sealed class EntryHeaders
{
    /// <summary>The highest owner that the tar header has room for; a higher one stands in the extended part.</summary>
    private const uint MostInHeader = 0x1FFFFF;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly OwnerNames _names = new();
    private readonly Dictionary<(ulong, ulong), string> _written = [];

    /// <summary>Whether the entry is one more name of a file that is in the archive already.</summary>
    public string? FirstName(TreeEntry entry) =>
        entry.Kind == EntryKind.File && OperatingSystem.IsLinux() && Posix.Status(entry.Path) is { Links: > 1 } status ? _written.GetValueOrDefault(status.File) : null;

    /// <param name="firstName">Of the file that this is one more name of; null: it is none.</param>
    public TarEntry Of(TreeEntry entry, Stream? content, string? firstName)
    {
        var info = new FileInfo(entry.Path);
        var status = OperatingSystem.IsLinux() ? Posix.Status(entry.Path) ?? throw new FileNotFoundException($"'{entry.Path}' has gone") : null;
        var extended = Extended(status);
        var header = entry.Kind switch
        {
            EntryKind.Folder => new PaxTarEntry(TarEntryType.Directory, entry.Name + "/", extended),
            EntryKind.Link => new PaxTarEntry(TarEntryType.SymbolicLink, entry.Name, extended) { LinkName = Target(entry, info) },
            _ when firstName is not null => new PaxTarEntry(TarEntryType.HardLink, entry.Name, extended) { LinkName = firstName },
            _ => new PaxTarEntry(TarEntryType.RegularFile, entry.Name, extended) { DataStream = content },
        };
        header.ModificationTime = new DateTimeOffset(info.LastWriteTimeUtc);
        if (status is { } known)
        {
            header.Mode = known.Permissions;
            header.Uid = (int)Math.Min(known.Owner, MostInHeader);
            header.Gid = (int)Math.Min(known.Group, MostInHeader);
            header.UserName = _names.User(known.Owner);
            header.GroupName = _names.Group(known.Group);
            if (content is not null && known.Links > 1)
                _written.TryAdd(known.File, entry.Name);
        }
        else if (entry.Kind != EntryKind.Link && !OperatingSystem.IsWindows())
        {
            header.Mode = info.UnixFileMode;
        }

        return header;
    }

    private static Dictionary<string, string> Extended(FileStatus? status)
    {
        var extended = new Dictionary<string, string>(StringComparer.Ordinal);
        if (status is { Owner: > MostInHeader } user)
            extended["uid"] = user.Owner.ToString(CultureInfo.InvariantCulture);
        if (status is { Group: > MostInHeader } group)
            extended["gid"] = group.Group.ToString(CultureInfo.InvariantCulture);
        return extended;
    }

    private static string Target(TreeEntry entry, FileInfo info)
    {
        if (!OperatingSystem.IsLinux())
            return info.LinkTarget!;
        try
        {
            return Strict.GetString(Posix.LinkTarget(entry.Path) ?? throw new FileNotFoundException($"'{entry.Path}' has gone"));
        }
        catch (DecoderFallbackException)
        {
            throw new UnarchivableException(entry.Path, "what the link leads to is not UTF-8");
        }
    }
}
