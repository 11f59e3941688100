using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Headgate.Storage.Queue;

/// <summary>
/// Message ids sent within the window. Holds at most 100,000; beyond that the window gets shorter. An id is kept as half of its SHA-256, a
/// value that costs no garbage collection. Guarded by its queue.
/// </summary>
internal sealed class RecentIds(TimeSpan window)
{
    private const int Max = 100_000;
    private readonly HashSet<UInt128> _ids = [];
    private readonly Queue<(DateTimeOffset At, UInt128 Id)> _order = [];

    /// <returns>False if the id is in the window already.</returns>
    public bool TryAdd(string id, DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Max || oldest.At + window <= now))
            _ids.Remove(_order.Dequeue().Id);
        var digest = Digest(id);
        if (!_ids.Add(digest))
            return false;
        _order.Enqueue((now, digest));
        return true;
    }

    private static UInt128 Digest(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
