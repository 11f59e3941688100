namespace Headgate.Storage.Sqlite;

/// <summary>A statement's text. Keep it in a static field: connections find their prepared statement by this object's identity.</summary>
public sealed class Sql(string text)
{
    public string Text { get; } = text;

    public override string ToString() => Text;
}
