using System.Globalization;
using Headgate.Core.Metering;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Tenants;

/// <summary>
/// A piece of a day's usage. While it is open it stands in the ledger, packed, so that each change of the ledger counts in its own write; the change
/// that finds the day turned writes it as a row of the same transaction.
/// </summary>
public static class UsageRow
{
    private const int Fields = 11;

    // Seven bits a byte.
    private const int MostBytes = 10;

    public static TableRow Write(string tenantId, UsagePiece piece) => new(
        tenantId,
        RowKeys.Usage(piece.Day, piece.Number),
        new Columns(9)
        {
            { "inFlightBefore", piece.InFlightBefore },
            { "accepted", piece.Counts.Accepted },
            { "completed", piece.Counts.Completed },
            { "failed", piece.Counts.Failed },
            { "cancelled", piece.Counts.Cancelled },
            { "attempts", piece.Counts.Attempts },
            { "agentMilliseconds", piece.Counts.AgentMilliseconds },
            { "peakInFlight", piece.Counts.PeakInFlight },
            { "shadowRefusals", piece.Counts.ShadowRefusals },
        });

    public static UsagePiece Read(TableRow row)
    {
        var columns = row.Columns;
        var key = row.RowKey.AsSpan(RowKeys.UsagePrefix.Length);
        var colon = key.IndexOf(':');
        return new UsagePiece(
            DateOnly.ParseExact(key[..colon], RowKeys.UsageDay, CultureInfo.InvariantCulture),
            int.Parse(key[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture),
            columns.Int("inFlightBefore") ?? 0,
            new UsageCounts(
                columns.Long("accepted") ?? 0,
                columns.Long("completed") ?? 0,
                columns.Long("failed") ?? 0,
                columns.Long("cancelled") ?? 0,
                columns.Long("attempts") ?? 0,
                columns.Long("agentMilliseconds") ?? 0,
                columns.Int("peakInFlight") ?? 0,
                columns.Long("shadowRefusals") ?? 0));
    }

    /// <summary>Numbers of any size, small ones in one byte: day (since 0001-01-01), number, in flight before, and the counts in their order.</summary>
    public static byte[] Pack(UsagePiece piece)
    {
        Span<byte> packed = stackalloc byte[Fields * MostBytes];
        var counts = piece.Counts;
        ReadOnlySpan<long> values =
        [
            piece.Day.DayNumber, piece.Number, piece.InFlightBefore, counts.Accepted, counts.Completed, counts.Failed, counts.Cancelled, counts.Attempts,
            counts.AgentMilliseconds, counts.PeakInFlight, counts.ShadowRefusals,
        ];
        var length = 0;
        foreach (var value in values)
        {
            var rest = (ulong)Math.Max(value, 0);
            for (; rest > 0x7F; rest >>= 7)
                packed[length++] = (byte)(rest | 0x80);
            packed[length++] = (byte)rest;
        }

        return packed[..length].ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are cut short.</exception>
    public static UsagePiece Unpack(byte[] packed)
    {
        Span<long> values = stackalloc long[Fields];
        var place = 0;
        for (var i = 0; i < Fields; i++)
        {
            for (var shift = 0; ; shift += 7)
            {
                if (place == packed.Length || shift > 63)
                    throw new InvalidDataException("The usage in a ledger is damaged.");
                values[i] |= (long)(packed[place] & 0x7F) << shift;
                if (packed[place++] <= 0x7F)
                    break;
            }
        }

        return new UsagePiece(
            DateOnly.FromDayNumber((int)values[0]),
            (int)values[1],
            (int)values[2],
            new UsageCounts(values[3], values[4], values[5], values[6], values[7], values[8], (int)values[9], values[10]));
    }
}
