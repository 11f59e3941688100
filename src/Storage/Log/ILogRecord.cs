namespace Headgate.Storage.Log;

/// <summary>
/// One change of stored data: a kind and its fields. Immutable. Files outlive builds, so a kind never changes its number or fields;
/// a new format gets a new kind.
/// </summary>
public interface ILogRecord
{
    byte Kind { get; }

    /// <summary>Writes the fields, without the kind, as <see cref="ILogClient.Decode"/> reads them.</summary>
    void Encode(ByteWriter fields);
}
