using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Validation;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>
/// Which part of a list is asked for. A list's position travels as an opaque text that names the list it belongs to, so that
/// one list's position is refused by another. It is not secret and can be forged: put the position behind the list's own key
/// prefix, and it can name nothing outside the list.
/// </summary>
/// <param name="Limit">1..100, 25 unless asked otherwise.</param>
/// <param name="After">The position behind which to go on; null from the beginning.</param>
public sealed record Paging(int Limit, string? After)
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    private const int MaxPosition = 200;
    private readonly uint _list;

    private Paging(int limit, string? after, uint list)
        : this(limit, after) => _list = list;

    /// <param name="request">Its query may hold <c>limit</c> and <c>after</c>.</param>
    /// <param name="list">Names the list and everything it is filtered by.</param>
    /// <param name="refusal">Set where the query is wrong; the result is then null.</param>
    public static Paging? Read(HttpRequest request, string list, out Refusal? refusal)
    {
        var problems = UnknownParameters.ProblemsOf(request);
        var paging = Read(request, list, problems);
        refusal = problems.Any ? Refusals.InvalidRequest(problems) : null;
        return refusal is null ? paging : null;
    }

    /// <param name="request">Its query may hold <c>limit</c> and <c>after</c>.</param>
    /// <param name="list">Names the list and everything it is filtered by.</param>
    /// <param name="problems">Receives what is wrong with the two; the result is then of no use.</param>
    public static Paging Read(HttpRequest request, string list, Problems problems)
    {
        var limit = DefaultLimit;
        if (Single(request, "limit", problems) is { } limitText
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            problems.Add("limit", $"must be a whole number between 1 and {MaxLimit}");
        }

        var tag = Tag(list);
        string? after = null;
        if (Single(request, "after", problems) is { } cursor && (after = Decode(cursor, tag)) is null)
            problems.Add("after", "must be the 'next' of an earlier page of this list");

        return new Paging(limit, after, tag);
    }

    /// <summary>A parameter's value; null where it is not given, and, with a problem, where it is given more than once.</summary>
    public static string? Single(HttpRequest request, string name, Problems problems)
    {
        var values = request.Query[name];
        if (values.Count > 1)
            problems.Add(name, "is given more than once");
        return values.Count == 1 ? values[0] : null;
    }

    /// <summary>The text that leads to what follows <paramref name="position"/>; null stays null.</summary>
    public string? Next(string? position)
    {
        if (position is null)
            return null;

        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(position)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, _list);
        Encoding.UTF8.GetBytes(position, bytes.AsSpan(4));
        return Base64Url.EncodeToString(bytes);
    }

    private static string? Decode(string cursor, uint tag)
    {
        if (cursor.Length > MaxPosition * 2 || !Base64Url.IsValid(cursor))
            return null;

        Span<byte> bytes = stackalloc byte[cursor.Length];
        if (!Base64Url.TryDecodeFromChars(cursor, bytes, out var count) || count <= 4 || BinaryPrimitives.ReadUInt32BigEndian(bytes) != tag)
            return null;

        var position = bytes[4..count];
        return position.ContainsAnyExceptInRange((byte)'!', (byte)'~') || position.ContainsAny("/\\#?"u8) ? null : Encoding.UTF8.GetString(position);
    }

    private static uint Tag(string list) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(list)));
}

/// <summary>One page of rows whose keys start alike.</summary>
/// <param name="Rows">At most as many as were asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record ListPage(IReadOnlyList<TableRow> Rows, string? Next)
{
    /// <param name="tables">Where they are.</param>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">What the keys start with; may be empty. The cursor holds only what follows it.</param>
    /// <param name="paging">What was asked for.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static ValueTask<ListPage> ReadAsync(
        ITableStore tables, Table table, string partition, string prefix, Paging paging, CancellationToken cancellationToken) =>
        ReadAsync(tables, table, partition, prefix, paging, null, cancellationToken);

    /// <inheritdoc cref="ReadAsync(ITableStore, Table, string, string, Paging, CancellationToken)"/>
    /// <param name="columns">The columns to read; null for all.</param>
    public static async ValueTask<ListPage> ReadAsync(
        ITableStore tables, Table table, string partition, string prefix, Paging paging, IReadOnlyList<string>? columns, CancellationToken cancellationToken)
    {
        // No key goes on with '!' behind another key, so this is the first place after it.
        var from = paging.After is null ? prefix : $"{prefix}{paging.After}!";
        var before = prefix.Length == 0 ? null : TableQuery.After(prefix);
        var page = await tables.QueryAsync(new TableQuery(table, partition, from, before, paging.Limit + 1, Columns: columns), cancellationToken);
        if (page.Rows.Count <= paging.Limit)
            return new ListPage(page.Rows, null);

        var rows = page.Rows.Take(paging.Limit).ToList();
        return new ListPage(rows, paging.Next(rows[^1].RowKey[prefix.Length..]));
    }
}
