namespace Headgate.Storage.Log;

/// <summary>
/// Something that can happen to what is on disk: a kind and its fields. What is on disk outlives this build: a kind keeps its number and
/// its fields for good, and something new gets a new number. Records don't change.
/// </summary>
public interface ILogRecord
{
    /// <summary>Says which client owns it, and which of its records it is.</summary>
    byte Kind { get; }

    /// <summary>Writes what <see cref="ILogClient.Decode"/> reads, without the kind.</summary>
    void Encode(ByteWriter fields);
}
