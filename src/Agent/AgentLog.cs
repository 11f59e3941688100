using System.Buffers;
using System.Globalization;
using System.Text;

namespace Headgate.Agent;

/// <summary>One short line an event: <c>time level event name=value …</c>. Values with spaces are quoted; long ones are cut at 300 characters. Never throws and never waits.</summary>
internal sealed class AgentLog
{
    /// <summary>Set by systemd where standard error goes to its journal.</summary>
    public const string JournalVariable = "JOURNAL_STREAM";

    private const int MaxValue = 300;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(" \"=\n\r\t");

    private readonly TimeProvider _time;
    private readonly LogSink _sink;
    private readonly bool _isJournal;

    /// <param name="isJournal">The lines go to systemd's journal, which has the time itself and reads a priority before the line: <c>&lt;4&gt;warn …</c>.</param>
    public AgentLog(TextWriter writer, TimeProvider time, bool isJournal = false)
    {
        _time = time;
        _isJournal = isJournal;
        _sink = new LogSink(writer, missing => Line("warn", "log-lines-lost", [("lines", missing), ("reason", "they could not be written")]));
    }

    /// <summary>Children inherit the variable also where their standard error goes elsewhere, so the stream itself is compared.</summary>
    /// <param name="variable">Device and inode, as <c>8:12345</c>.</param>
    /// <param name="standardError">Where the link of the descriptor leads: <c>socket:[12345]</c> for a socket.</param>
    public static bool IsJournal(string? variable, string? standardError) =>
        variable?.Split(':') is [_, { Length: > 0 } inode] && standardError == $"socket:[{inode}]";

    public void Info(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("info", what, fields);

    public void Warn(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("warn", what, fields);

    public void Error(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("error", what, fields);

    /// <summary>Before the process ends: up to <paramref name="limit"/>.</summary>
    public Task FlushAsync(TimeSpan limit) => _sink.FlushAsync(limit);

    private void Write(string level, string what, ReadOnlySpan<(string Name, object? Value)> fields) => _sink.Write(Line(level, what, fields));

    private string Line(string level, string what, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var line = new StringBuilder();
        if (_isJournal)
            line.Append(level switch { "error" => "<3>", "warn" => "<4>", _ => "<6>" });
        else
            line.Append(_time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        line.Append(level).Append(' ').Append(what);
        foreach (var (name, value) in fields)
        {
            line.Append(' ').Append(name).Append('=');
            AppendValue(line, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        return line.ToString();
    }

    private static void AppendValue(StringBuilder line, string value)
    {
        var quoted = value.Length == 0 || value.AsSpan().ContainsAny(Quoted);
        if (quoted)
            line.Append('"');
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MaxValue)))
            line.Append(c switch { '"' => '\'', _ when char.IsControl(c) => ' ', _ => c });
        if (value.Length > MaxValue)
            line.Append('…');
        if (quoted)
            line.Append('"');
    }
}
