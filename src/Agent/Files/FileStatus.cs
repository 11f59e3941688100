namespace Headgate.Agent.Files;

/// <summary>What the system knows of a path.</summary>
/// <param name="Mode">Kind and permissions.</param>
/// <param name="File">Inode and device: two names with the same are one file.</param>
internal sealed record FileStatus(ushort Mode, uint Links, uint Owner, uint Group, (ulong Inode, ulong Device) File)
{
    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    public bool IsOpenToAll => (Mode & (int)UnixFileMode.OtherWrite) != 0;
}
