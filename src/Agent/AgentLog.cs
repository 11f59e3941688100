using System.Buffers;
using System.Globalization;
using System.Text;

namespace Headgate.Agent;

/// <summary>One short line an event: <c>time level event name=value …</c>. Values with spaces are quoted; long ones are cut at 300 characters.</summary>
internal sealed class AgentLog(TextWriter writer, TimeProvider time)
{
    private const int MaxValue = 300;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(" \"=\n\r\t");

    private readonly Lock _gate = new();

    public void Info(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("info", what, fields);

    public void Warn(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("warn", what, fields);

    public void Error(string what, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("error", what, fields);

    private void Write(string level, string what, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var line = new StringBuilder();
        line.Append(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        line.Append(' ').Append(level).Append(' ').Append(what);
        foreach (var (name, value) in fields)
        {
            line.Append(' ').Append(name).Append('=');
            AppendValue(line, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        lock (_gate)
            writer.WriteLine(line);
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
