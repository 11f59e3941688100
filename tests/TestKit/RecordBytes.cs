using Headgate.Storage.Log;

namespace Headgate.TestKit;

/// <summary>Records as they stand in the journal, in hexadecimal.</summary>
public static class RecordBytes
{
    public static string Of(ILogRecord record)
    {
        var writer = new ByteWriter();
        record.Encode(writer.Byte(record.Kind));
        return Convert.ToHexStringLower(writer.Written);
    }

    /// <summary>Reads a record and writes it again.</summary>
    public static string Again(ILogClient client, string bytes)
    {
        var reader = new ByteReader(Convert.FromHexString(bytes));
        var record = client.Decode(reader.Byte(), ref reader);
        return reader.AtEnd ? Of(record) : throw new InvalidDataException($"Something is left of {bytes}.");
    }
}
