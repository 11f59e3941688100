using System.Buffers;

namespace Headgate.Ports.Limits;

/// <summary>Limits of columns and rows, the same on every backend. Every check throws <see cref="ArgumentException"/>.</summary>
public static class ColumnLimits
{
    /// <summary>One less than Table storage allows: the adapter has a column of its own.</summary>
    private const int MaxColumns = 251;
    private const int MaxNameLength = 255;
    private const int MaxTextLength = 32 * 1024;
    private const int MaxBytes = 64 * 1024;
    private const int MaxRowBytes = 1024 * 1024;
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public static void CheckCount(int count)
    {
        if (count > MaxColumns)
            throw new ArgumentException($"A row holds at most {MaxColumns} columns, not {count}.", nameof(count));
    }

    public static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxNameLength || char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters)
            || name is "PartitionKey" or "RowKey" or "Timestamp")
            throw new ArgumentException($"'{name}' can't name a column: use 1 to {MaxNameLength} ASCII letters, digits and underscores, no digit first, and no name that Table storage reserves.", nameof(name));
    }

    public static void CheckText(string name, string text)
    {
        if (text.Length > MaxTextLength)
            throw new ArgumentException($"Column '{name}' holds {text.Length} characters; the limit is {MaxTextLength}.", nameof(text));
        if (!KeyGrammar.IsWellFormed(text))
            throw new ArgumentException($"Column '{name}' holds an unpaired surrogate.", nameof(text));
    }

    public static void CheckBytes(string name, byte[] bytes)
    {
        if (bytes.Length > MaxBytes)
            throw new ArgumentException($"Column '{name}' holds {bytes.Length} bytes; the limit is {MaxBytes}.", nameof(bytes));
    }

    public static void CheckRow(int bytes)
    {
        if (bytes > MaxRowBytes)
            throw new ArgumentException($"A row of {bytes} bytes; the limit is {MaxRowBytes}.", nameof(bytes));
    }
}
