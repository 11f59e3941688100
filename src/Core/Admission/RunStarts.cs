using System.Buffers.Binary;

namespace Headgate.Core.Admission;

/// <summary>
/// When runs in flight took their slots, in whole seconds: a sample of at most <see cref="MaxRuns"/>, so that it fits the ledger's row.
/// Immutable.
/// </summary>
public sealed class RunStarts : IEquatable<RunStarts>
{
    public const int MaxRuns = 16;

    private const int Size = sizeof(uint);
    private readonly byte[] _seconds;

    private RunStarts(byte[] seconds) => _seconds = seconds;

    public static RunStarts None { get; } = new([]);

    public int Count => _seconds.Length / Size;

    /// <summary>As it is stored: four bytes a run. Not to be changed.</summary>
    public byte[] Stored => _seconds;

    /// <summary>What was stored; a damaged end is left out.</summary>
    public static RunStarts Read(byte[] stored) => stored.Length < Size ? None : new(stored[..(Math.Min(stored.Length / Size, MaxRuns) * Size)]);

    /// <summary>With one more run, where there is room for it.</summary>
    public RunStarts With(DateTimeOffset at)
    {
        if (Count == MaxRuns)
            return this;
        var seconds = new byte[_seconds.Length + Size];
        _seconds.CopyTo(seconds, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(seconds.AsSpan(_seconds.Length), SecondOf(at));
        return new(seconds);
    }

    /// <summary>Without one run that began then, if there is one.</summary>
    public RunStarts Without(DateTimeOffset at)
    {
        var second = SecondOf(at);
        for (var i = 0; i < Count; i++)
        {
            if (Second(i) == second)
                return new([.. _seconds.AsSpan(0, i * Size), .. _seconds.AsSpan((i + 1) * Size)]);
        }

        return this;
    }

    /// <summary>How long the run at a place has held its slot; not negative.</summary>
    public double AgeSeconds(int place, DateTimeOffset now) => Math.Max((now.ToUnixTimeMilliseconds() / 1000.0) - Second(place), 0);

    public bool Equals(RunStarts? other) => other is not null && _seconds.AsSpan().SequenceEqual(other._seconds);

    public override bool Equals(object? obj) => Equals(obj as RunStarts);

    public override int GetHashCode() => _seconds.Length;

    private uint Second(int place) => BinaryPrimitives.ReadUInt32LittleEndian(_seconds.AsSpan(place * Size));

    private static uint SecondOf(DateTimeOffset at) => (uint)Math.Clamp(at.ToUnixTimeSeconds(), 0, uint.MaxValue);
}
