using System.Security.Cryptography;
using System.Text;

namespace Headgate.Engine.Replay;

/// <summary>Ids that are the same on every replay: a hash of instance id, orchestrator time and count.</summary>
internal static class DeterministicGuid
{
    public static Guid Of(string instanceId, DateTime time, int count)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}_{time.Ticks}_{count}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: the maker's own
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
