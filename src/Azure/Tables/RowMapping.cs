using Azure.Data.Tables;
using Headgate.Ports;
using Headgate.Ports.Limits;

namespace Headgate.Azure.Tables;

/// <summary>Maps rows to the client's entities and back. A stored row carries the mark of its write, which readers never see.</summary>
internal static class RowMapping
{
    private const string Mark = "WriteMark";
    private const string ETagName = "odata.etag";

    /// <summary>The earliest time that Table storage holds.</summary>
    private static readonly DateTimeOffset s_firstTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="ArgumentException">A column's name, type or size is not allowed.</exception>
    public static TableEntity Entity(TableRow row, Guid mark, out int size)
    {
        var columns = row.Columns;
        var entity = new TableEntity(row.PartitionKey, row.RowKey) { [Mark] = mark };
        // The server counts two bytes a character, and eight a property besides its name and value.
        size = 64 + (2 * (row.PartitionKey.Length + row.RowKey.Length));
        ColumnLimits.CheckCount(columns.Count);
        foreach (var (name, value) in columns)
        {
            ColumnLimits.CheckName(name);
            if (name == Mark)
                throw new ArgumentException($"'{Mark}' is the store's own column.", nameof(row));
            size += 8 + (2 * name.Length) + Size(name, value);
            entity[name] = value;
        }

        ColumnLimits.CheckRow(size);
        return entity;
    }

    public static TableRow Row(TableEntity entity)
    {
        var columns = new Columns(entity.Count);
        foreach (var (name, value) in entity)
        {
            if (name is not (Mark or ETagName or nameof(TableEntity.PartitionKey) or nameof(TableEntity.RowKey) or nameof(TableEntity.Timestamp)))
                columns[name] = value is BinaryData bytes ? bytes.ToArray() : value;
        }

        return new(entity.PartitionKey, entity.RowKey, columns, entity.ETag.ToString());
    }

    public static bool Carries(TableEntity entity, Guid mark) => entity[Mark] is Guid found && found == mark;

    private static int Size(string name, object value)
    {
        switch (value)
        {
            case string text:
                ColumnLimits.CheckText(name, text);
                return 4 + (2 * text.Length);
            case byte[] bytes:
                ColumnLimits.CheckBytes(name, bytes);
                return 4 + bytes.Length;
            case DateTimeOffset time when time < s_firstTime:
                throw new ArgumentException($"Column '{name}' holds a time before {s_firstTime:yyyy}.", nameof(value));
            case int or bool:
                return 4;
            case long or double or DateTimeOffset:
                return 8;
            case Guid:
                return 16;
            default:
                throw new ArgumentException($"Column '{name}' holds a {value.GetType().Name}, which tables do not.", nameof(value));
        }
    }
}
