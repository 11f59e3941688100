using Headgate.Core.Identity;
using Headgate.Ports;

namespace Headgate.Functions.Stores;

/// <summary>
/// Ids of the form of run ids. Those made by one process within one millisecond also list newest first: each takes the
/// chance of the one before, less a random step. Safe for concurrent use.
/// </summary>
public sealed class NewestFirstIds(IRandomSource random)
{
    // The steps of one millisecond fit below it: 2^31 of at most 2^32 each.
    private const ulong UpperHalf = 1UL << 63;

    private readonly Lock _lock = new();
    private long _millisecond = long.MinValue;
    private ulong _chance;

    public string Next(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        var bits = BitConverter.ToUInt64(bytes);
        lock (_lock)
        {
            var millisecond = at.ToUnixTimeMilliseconds();
            _chance = millisecond == _millisecond ? _chance - 1 - (uint)bits : bits | UpperHalf;
            _millisecond = millisecond;
            return RunId.Create(at, _chance);
        }
    }
}
