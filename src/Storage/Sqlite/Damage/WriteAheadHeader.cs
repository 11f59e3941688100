using System.Buffers.Binary;

namespace Headgate.Storage.Sqlite.Damage;

/// <summary>The header of SQLite's write-ahead log: section 4.1 of "Database File Format" at sqlite.org.</summary>
internal static class WriteAheadHeader
{
    private const int Length = 32;
    private const int Summed = 24;
    private const uint Magic = 0x377f0682;

    /// <summary>
    /// Whether the magic number or the checksum is wrong. A log that is missing, shorter than its header, or has a header of zeros was never
    /// written, and is not damaged.
    /// </summary>
    public static bool IsDamaged(string path)
    {
        if (!File.Exists(path))
            return false;
        Span<byte> header = stackalloc byte[Length];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.ReadAtLeast(header, Length, throwOnEndOfStream: false) < Length || header.IndexOfAnyExcept((byte)0) < 0)
            return false;
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        return (magic & ~1u) != Magic || !SumFits(header, isBigEndian: (magic & 1) == 1);
    }

    private static bool SumFits(ReadOnlySpan<byte> header, bool isBigEndian)
    {
        var (first, second) = (0u, 0u);
        for (var at = 0; at < Summed; at += 8)
        {
            first += Word(header[at..], isBigEndian) + second;
            second += Word(header[(at + 4)..], isBigEndian) + first;
        }

        return first == BinaryPrimitives.ReadUInt32BigEndian(header[Summed..]) && second == BinaryPrimitives.ReadUInt32BigEndian(header[(Summed + 4)..]);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
