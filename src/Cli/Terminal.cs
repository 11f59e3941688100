using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Headgate.Cli;

/// <summary>Where a command writes. Text of others is shown as text: nothing in it moves the cursor, colours or turns around.</summary>
/// <param name="output">What was asked for.</param>
/// <param name="errors">What went wrong, and what is asked.</param>
/// <param name="isLive">Whether a person watches: bars and tables that change in place.</param>
/// <param name="input">Lines that are given; null: a person types.</param>
internal sealed class Terminal(TextWriter output, TextWriter errors, bool isLive, TextReader? input = null)
{
    // Below, the columns of a table are too narrow to be read.
    private const int NarrowestTable = 60;

    /// <summary>As JSON, and nothing else on standard output.</summary>
    public bool AsJson { get; set; }

    public bool IsLive => isLive && !AsJson;

    /// <summary>Whether a person types.</summary>
    public bool IsTyped => input is null;

    public TextWriter Output => output;

    public TextWriter Errors => errors;

    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = isLive ? AnsiSupport.Detect : AnsiSupport.No,
        Interactive = isLive ? InteractionSupport.Detect : InteractionSupport.No,
    });

    public static Terminal OfProcess() => new(
        System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected, System.Console.IsInputRedirected ? System.Console.In : null);

    /// <summary>Without control and format characters: escapes, carriage returns, marks that turn the direction of writing.</summary>
    public static string Plain(string? text)
    {
        if (text is null)
            return "";
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                plain.Append('\uFFFD');
            else
                plain.Append(rune.ToString());
        }

        return plain.ToString();
    }

    public void Line(string text) => output.WriteLine(text);

    public void Problem(string text) => errors.WriteLine(text);

    /// <summary>For a person: neither the answer nor an error.</summary>
    public void Note(string text)
    {
        if (!AsJson)
            errors.WriteLine(Plain(text));
    }

    public void Warn(string text) => errors.WriteLine(AsJson ? new JsonObject { ["warning"] = text }.ToJsonString() : "warning: " + Plain(text));

    /// <summary>A word that nobody who looks on may see.</summary>
    /// <returns>Null at the end of the input.</returns>
    public async Task<string?> SecretAsync(string question, CancellationToken cancellationToken)
    {
        if (input is not null)
            return await input.ReadLineAsync(cancellationToken);
        var asking = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors), Interactive = InteractionSupport.Yes });
        return await asking.PromptAsync(new TextPrompt<string>(question).Secret(), cancellationToken);
    }

    /// <summary>One change of many: its JSON, or the line given.</summary>
    public void Tell<T>(T value, JsonTypeInfo<T> type, string line) => output.WriteLine(AsJson ? JsonSerializer.Serialize(value, type) : Plain(line));

    /// <summary>One thing: its JSON, or the lines given.</summary>
    public void Show<T>(T value, JsonTypeInfo<T> type, params (string Name, string? Value)[] fields)
    {
        if (AsJson)
            output.WriteLine(JsonSerializer.Serialize(value, type));
        else
            Fields(fields);
    }

    /// <summary>One thing that is put together of several.</summary>
    public void Show(JsonObject value, params (string Name, string? Value)[] fields)
    {
        if (AsJson)
            output.WriteLine(value.ToJsonString());
        else
            Fields(fields);
    }

    /// <summary>A list: a line of JSON for each, or a table.</summary>
    public async Task ShowAsync<T>(IAsyncEnumerable<T> items, int most, JsonTypeInfo<T> type, string[] columns, Func<T, string?[]> row)
    {
        var rows = new List<string?[]>();
        var shown = 0;
        await foreach (var item in items)
        {
            if (AsJson)
                output.WriteLine(JsonSerializer.Serialize(item, type));
            else
                rows.Add(row(item));
            if (++shown == most)
                break;
        }

        if (AsJson)
            return;
        if (rows.Count == 0)
            errors.WriteLine("none");
        else
            Write(columns, rows, isLive ? Console.Profile.Width : null);
    }

    /// <param name="width">In columns of the screen; null: nobody looks, whatever it takes.</param>
    internal void Write(string[] columns, List<string?[]> rows, int? width)
    {
        if (width is null)
            Columns(columns, rows);
        else if (width < NarrowestTable)
            Blocks(columns, rows);
        else
            Console.Write(Grid(columns, rows));
    }

    public static string Time(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private void Fields((string Name, string? Value)[] fields)
    {
        var width = fields.Max(field => field.Name.Length) + 2;
        foreach (var (name, text) in fields.Where(field => !string.IsNullOrEmpty(field.Value)))
            output.WriteLine(name.PadRight(width) + Plain(text));
    }

    private static Table Grid(string[] columns, List<string?[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Plain(cell))));
        return table;
    }

    private void Blocks(string[] columns, List<string?[]> rows)
    {
        foreach (var row in rows)
        {
            Fields([.. columns.Select((column, i) => (column.ToLowerInvariant(), row[i]))]);
            output.WriteLine();
        }
    }

    // For files and other programs: aligned, nothing cut, nothing drawn.
    private void Columns(string[] columns, List<string?[]> rows)
    {
        var all = rows.Select(row => row.Select(Plain).ToArray()).Prepend(columns).ToList();
        var widths = columns.Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        foreach (var row in all)
            output.WriteLine(string.Join("  ", row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd());
    }
}
