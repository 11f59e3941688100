using System.Text;

namespace Headgate.Agent.Tasks.Command;

/// <summary>Keeps the first and the last half of what is written, and counts what lay between. Memory stays at the limit.</summary>
/// <param name="limit">Bytes kept in all; 2 or more.</param>
internal sealed class BoundedOutput(int limit)
{
    private readonly Lock _gate = new();
    private readonly byte[] _tail = new byte[limit - (limit / 2)];
    private readonly int _headLimit = limit / 2;
    private byte[] _head = [];
    private int _headLength;
    private long _tailWritten;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var first = Math.Min(bytes.Length, _headLimit - _headLength);
            if (first > 0)
            {
                if (_head.Length < _headLength + first)
                    Array.Resize(ref _head, Math.Min(_headLimit, Math.Max(1024, (_headLength + first) * 2)));
                bytes[..first].CopyTo(_head.AsSpan(_headLength));
                _headLength += first;
            }

            var rest = bytes[first..];
            _tailWritten += Math.Max(0, rest.Length - _tail.Length);
            rest = rest[Math.Max(0, rest.Length - _tail.Length)..];
            var at = (int)(_tailWritten % _tail.Length);
            var untilEnd = Math.Min(rest.Length, _tail.Length - at);
            rest[..untilEnd].CopyTo(_tail.AsSpan(at));
            rest[untilEnd..].CopyTo(_tail);
            _tailWritten += rest.Length;
        }
    }

    /// <summary>As UTF-8; bytes that are none become replacement characters.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var head = _head.AsSpan(0, _headLength);
            if (_tailWritten <= _tail.Length)
                return Encoding.UTF8.GetString([.. head, .. _tail.AsSpan(0, (int)_tailWritten)]);

            var at = (int)(_tailWritten % _tail.Length);
            byte[] tail = [.. _tail.AsSpan(at), .. _tail.AsSpan(0, at)];
            return $"{Encoding.UTF8.GetString(head)}\n[… {_tailWritten - _tail.Length} bytes cut …]\n{Encoding.UTF8.GetString(tail)}";
        }
    }
}
