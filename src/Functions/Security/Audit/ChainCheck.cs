using Headgate.Core.Identity;
using Headgate.Ports;

namespace Headgate.Functions.Security.Audit;

/// <summary>A place at which a chain does not hold.</summary>
/// <param name="Sequence">Of the row that should be there; null where a row should not be there at all.</param>
/// <param name="Row">What is there instead; null where nothing is.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record ChainBreak(long? Sequence, TableRow? Row, string Problem);

/// <summary>Follows a tenant's chain from its end to its beginning, and stops where it does not hold.</summary>
public sealed class ChainCheck
{
    private readonly string _tenantId;
    private readonly ChainEnd _head;
    private readonly ChainEnd _anchor;
    private ChainEnd _expected;

    // The highest place of a row that was chained since the end was read.
    private long _newest;

    public ChainCheck(string tenantId, ChainEnd head, ChainEnd anchor)
    {
        (_tenantId, _head, _anchor) = (tenantId, head, anchor);
        (_expected, _newest) = (head, head.Sequence);
    }

    /// <summary>Rows of the chain that hold.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows behind it that are older than the chain: nothing proves them.</summary>
    public int Unchained { get; private set; }

    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? To { get; private set; }

    /// <summary>Null as long as it holds.</summary>
    public ChainBreak? Break { get; private set; }

    private bool IsThrough => _expected.Sequence <= _anchor.Sequence;

    /// <param name="row">The next one, by its key.</param>
    /// <returns>Whether there is more to look at.</returns>
    public bool Take(TableRow row)
    {
        if (AuditLink.Of(row) is not { } link)
            return TakeUnchained(row);
        if (link.Sequence > _head.Sequence && Rows == 0)
        {
            _newest = Math.Max(_newest, link.Sequence);
            return true;
        }

        // Past the beginning: what retention has not come to yet.
        if (IsThrough)
            return link.Sequence <= _anchor.Sequence || Breaks(new(null, row, "It stands behind the beginning of the chain."));
        if (link.Sequence != _expected.Sequence)
        {
            return Breaks(new(_expected.Sequence, row, link.Sequence < _expected.Sequence
                ? $"A row is missing: the next one has place {link.Sequence}."
                : $"Rows are out of order: the next one has place {link.Sequence}."));
        }

        if (!link.Hash.AsSpan().SequenceEqual(_expected.Hash) || !AuditLink.HashOf(_tenantId, row.Columns, link.Sequence, link.Previous).AsSpan().SequenceEqual(link.Hash))
            return Breaks(new(_expected.Sequence, row, "The row was changed: its hash is another than its successor says."));
        Note(row);
        Rows++;
        _expected = new ChainEnd(link.Sequence - 1, link.Previous);
        return true;
    }

    /// <summary>There are no more rows.</summary>
    /// <param name="now">The chain's end as it is read now.</param>
    public void End(ChainEnd now)
    {
        if (Break is not null)
            return;
        if (_newest > now.Sequence)
            Breaks(new(_newest, null, $"The chain is said to end at place {now.Sequence}."));
        else if (!IsThrough)
            Breaks(new(_expected.Sequence, null, "The row is missing, and so are all before it."));
        else if (Rows > 0 && !_expected.Hash.AsSpan().SequenceEqual(_anchor.Hash))
            Breaks(new(_expected.Sequence, null, "The first row does not follow what the chain began with."));
    }

    private bool TakeUnchained(TableRow row)
    {
        if (!IsThrough)
            return Breaks(new(null, row, "The row has no place in the chain."));
        Unchained++;
        return true;
    }

    private void Note(TableRow row)
    {
        var at = row.Columns.Time("at") ?? RunId.CreatedAt(row.RowKey);
        To ??= at;
        From = at;
    }

    private bool Breaks(ChainBreak found)
    {
        Break = found;
        return false;
    }
}
