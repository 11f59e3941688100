using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Headgate.Functions.Ports;

/// <summary>
/// A row's columns by name. A value is a string (at most 32 Ki characters), int, long, double, bool,
/// <see cref="DateTimeOffset"/> (kept in UTC), Guid or byte array (at most 64 KiB). Null is absence.
/// </summary>
public sealed class Columns : IEnumerable<KeyValuePair<string, object>>
{
    private readonly Dictionary<string, object> _values;

    public Columns() => _values = new(StringComparer.Ordinal);

    /// <summary>A copy that can be changed without touching <paramref name="source"/>.</summary>
    public Columns(Columns source) => _values = new(source._values, StringComparer.Ordinal);

    public Columns(int capacity) => _values = new(capacity, StringComparer.Ordinal);

    public int Count => _values.Count;

    /// <summary>Sets the column; null removes it.</summary>
    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value is null)
                _values.Remove(name);
            else
                _values[name] = value;
        }
    }

    /// <summary>For collection initialisers; null is left out.</summary>
    public void Add(string name, object? value) => this[name] = value;

    public bool TryGet(string name, [NotNullWhen(true)] out object? value) => _values.TryGetValue(name, out value);

    public string? String(string name) => this[name] as string;

    /// <exception cref="InvalidDataException">The column is absent: the row is not what the code takes it for.</exception>
    public string Required(string name) => String(name) ?? throw new InvalidDataException($"The row has no column '{name}'.");

    public int? Int(string name) => this[name] switch { int value => value, long value => checked((int)value), _ => null };

    public long? Long(string name) => this[name] switch { long value => value, int value => value, _ => null };

    public double? Double(string name) => this[name] switch { double value => value, int value => value, long value => value, _ => null };

    public bool Flag(string name) => this[name] is true;

    public DateTimeOffset? Time(string name) => this[name] is DateTimeOffset value ? value : null;

    public byte[]? Bytes(string name) => this[name] as byte[];

    public Dictionary<string, object>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
