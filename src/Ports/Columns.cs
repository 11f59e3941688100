using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Headgate.Ports;

/// <summary>
/// A row's columns by name. A value is a string (at most 32 Ki characters), int, long, double, bool,
/// <see cref="DateTimeOffset"/> (stored in UTC), Guid or byte array (at most 64 KiB). Null means no column.
/// </summary>
public sealed class Columns : IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>Spare capacity of a copy, for the columns that a change mostly adds.</summary>
    private const int RoomToChange = 4;

    // A list: with few columns, searching takes no longer than hashing, and it is less than half a dictionary's size.
    private readonly List<KeyValuePair<string, object>> _values;

    public Columns() => _values = [];

    public Columns(Columns source)
    {
        _values = new(source.Count + RoomToChange);
        _values.AddRange(source._values);
    }

    public Columns(int capacity) => _values = new(capacity);

    public int Count => _values.Count;

    /// <summary>Sets the column; null removes it.</summary>
    public object? this[string name]
    {
        get => IndexOf(name) is var index and >= 0 ? _values[index].Value : null;
        set
        {
            var index = IndexOf(name);
            if (value is not null && index < 0)
                _values.Add(new(name, value));
            else if (value is not null)
                _values[index] = new(name, value);
            else if (index >= 0)
                _values.RemoveAt(index);
        }
    }

    /// <summary>For collection initializers; null is left out.</summary>
    public void Add(string name, object? value) => this[name] = value;

    public bool TryGet(string name, [NotNullWhen(true)] out object? value) => (value = this[name]) is not null;

    public string? String(string name) => this[name] as string;

    /// <exception cref="InvalidDataException">The column is missing: the row is damaged or of another kind.</exception>
    public string Required(string name) => String(name) ?? throw new InvalidDataException($"The row has no column '{name}'.");

    public int? Int(string name) => this[name] switch { int value => value, long value => checked((int)value), _ => null };

    public long? Long(string name) => this[name] switch { long value => value, int value => value, _ => null };

    public double? Double(string name) => this[name] switch { double value => value, int value => value, long value => value, _ => null };

    public bool Flag(string name) => this[name] is true;

    public DateTimeOffset? Time(string name) => this[name] is DateTimeOffset value ? value : null;

    public byte[]? Bytes(string name) => this[name] as byte[];

    public List<KeyValuePair<string, object>>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            if (_values[i].Key == name)
                return i;
        }

        return -1;
    }
}
