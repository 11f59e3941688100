using System.Collections;

namespace Headgate.Storage.Tables;

/// <summary>The ETags of a batch's rows, each formatted on access, because callers read few.</summary>
internal sealed class RowETags(ArraySegment<StoredRow> rows) : IReadOnlyList<string>
{
    public int Count => rows.Count;

    public string this[int index] => rows[index].ETag;

    public IEnumerator<string> GetEnumerator() => rows.Select(row => row.ETag).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
