using Headgate.Ports;

namespace Headgate.Azure.Tables.Writes;

/// <summary>The result of one batch: the ETags by write, or the write that had a conflict.</summary>
internal readonly record struct BatchResult(IReadOnlyList<string> ETags, int Write, ConflictKind? Conflict)
{
    public static BatchResult Applied(IReadOnlyList<string> etags) => new(etags, 0, null);

    public static BatchResult Lost(int write, ConflictKind kind) => new([], write, kind);
}
