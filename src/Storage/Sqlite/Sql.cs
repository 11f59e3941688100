namespace Headgate.Storage.Sqlite;

/// <summary>
/// A statement's text, made once and kept in a static field: a connection prepares it at first use and finds it again by identity,
/// never by comparing text.
/// </summary>
public sealed class Sql(string text)
{
    public string Text { get; } = text;

    public override string ToString() => Text;
}
