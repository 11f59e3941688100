using System.Buffers;
using System.Text.Json;
using Headgate.Core.Alerts;
using Headgate.Core.Validation;
using Headgate.Functions.Telemetry;

namespace Headgate.Functions.Options;

/// <summary>
/// Reads a rules file as <c>infra/alert-rules.schema.json</c> has it and gathers every problem: the same file that Azure's alerts and the rules for Prometheus
/// are made from. The app brings its own with it.
/// </summary>
public static class AlertRuleFile
{
    public const int MaxRules = 50;

    private const int MaxBytes = 256 * 1024;
    private static readonly string[] s_severities = ["critical", "error", "warning", "info"];
    private static readonly int[] s_windows = [1, 5, 15];
    private static readonly int[] s_times = [5, 15];
    private static readonly SearchValues<char> s_word = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="InvalidDataException">The app was built with a file that can't be used.</exception>
    public static IReadOnlyList<AlertDefinition> OfTheApp()
    {
        using var stream = typeof(AlertRuleFile).Assembly.GetManifestResourceStream("alert-rules.json")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var problems = new Problems();
        var rules = Read(memory.ToArray(), problems);
        return problems.Any ? throw new InvalidDataException(problems.ToString()) : rules;
    }

    /// <param name="path">Of a file.</param>
    /// <param name="problems">Receives everything that is wrong with it.</param>
    public static IReadOnlyList<AlertDefinition> Open(string path, Problems problems)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length <= MaxBytes)
                return Read(File.ReadAllBytes(path), problems);
            problems.Add("", $"must be at most {MaxBytes} bytes, not {file.Length}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problems.Add("", $"can't be read: {unreadable.Message}");
        }

        return [];
    }

    public static IReadOnlyList<AlertDefinition> Read(ReadOnlyMemory<byte> json, Problems problems)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            var root = new RuleFields(document.RootElement, "", problems);
            root.Text("$schema", 200, required: false);
            var rules = root.List("rules", MaxRules);
            root.End();
            var read = rules.Select((rule, i) => Rule(rule, $"rules[{i}]", problems)).OfType<AlertDefinition>().ToList();
            foreach (var twice in read.GroupBy(rule => rule.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
                problems.Add(twice.Key, "is the id of more than one rule");
            return read;
        }
        catch (JsonException notJson)
        {
            problems.Add("", $"is no JSON: line {notJson.LineNumber + 1}");
            return [];
        }
    }

    private static AlertDefinition? Rule(JsonElement element, string place, Problems problems)
    {
        // A rule is named by its id, where it has one that can be read.
        var name = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String && IsId(given.GetString()!)
            ? given.GetString()!
            : place;
        var before = problems.Count;
        var fields = new RuleFields(element, name, problems);
        var id = fields.Text("id", 41);
        if (id is not null && id != name)
            fields.Problem("id", "must be 3 to 41 of a-z, 0-9 and -, a letter first");
        var (title, description) = (fields.Text("title", 60), fields.Text("description", 200));
        var severity = fields.OneOf("severity", s_severities);
        fields.OneOf("operator", [">"]);
        var threshold = fields.Number("threshold", "must be 0 or more: the rules fire above it");
        var window = fields.OneOf("windowMinutes", s_windows);
        var time = fields.OneOf("forMinutes", s_times);
        if (time % Math.Max(window, 1) != 0)
            fields.Problem("forMinutes", "must be a multiple of windowMinutes");
        var runbook = fields.Text("runbook", 100);
        if (runbook is not null && !IsPage(runbook))
            fields.Problem("runbook", "must be a file name of a-z, 0-9 and - that ends in .md");
        var (signal, aggregation, minimum) = Signal(fields.Object("signal"));
        var app = App(fields.Object("app"), threshold);
        if (app is { Clear: not null } && signal is null && problems.Count == before)
            fields.Problem("app", "must say why it is not measured: the app has no instrument for such a signal");
        fields.End();
        if (problems.Count > before)
            return null;
        var rule = app.Clear is { } clear ? new AlertRule(id!, aggregation, threshold, clear, window, time, minimum, app.NoData) : null;
        return new(id!, title!, description!, severity!, threshold, runbook!, signal, rule, app.Reason);
    }

    private static (AlertSignal? Signal, AlertAggregation Aggregation, int Minimum) Signal(RuleFields? fields)
    {
        if (fields is null)
            return default;
        var source = fields.OneOf("source", ["queue", "gauge", "counter", "ratio", "requests", "availability", "workspace"]);
        var labels = fields.Labels("labels");
        string? instrument = null, per = null, measure = null;
        var minimum = 1;
        if (source is not ("availability" or "workspace" or null))
            instrument = fields.Text("instrument", 100);
        if (source == "queue")
            fields.OneOf("metric", ["ActiveMessages", "DeadletteredMessages"]);
        if (source == "workspace")
            fields.Text("operation", 100);
        if (source == "ratio")
            per = fields.Text("per", 100);
        if (source == "requests")
            measure = fields.OneOf("measure", ["server-error-percent", "p95-seconds"]);
        if (source is "ratio" or "requests")
            minimum = (int)Math.Clamp(fields.Number("minimumCount", "must be 1 or more", least: 1), 1, 1_000_000);
        CheckInstruments(fields, source, instrument, per, labels.Keys);
        if (source is not null)
            fields.End();
        if (instrument is null)
            return default;
        var (kind, aggregation) = (source, measure) switch
        {
            ("queue" or "gauge", _) => (SignalKind.Gauge, AlertAggregation.Greatest),
            ("counter", _) => (SignalKind.Counter, AlertAggregation.Growth),
            ("ratio", _) => (SignalKind.Ratio, AlertAggregation.Share),
            (_, "server-error-percent") => (SignalKind.ServerErrors, AlertAggregation.Share),
            _ => (SignalKind.Durations, AlertAggregation.Percentile95),
        };
        return (new(kind, instrument, labels, per), aggregation, minimum);
    }

    private static void CheckInstruments(RuleFields fields, string? source, string? instrument, string? per, IEnumerable<string> labels)
    {
        var kind = source switch
        {
            "counter" or "ratio" => InstrumentKind.Counter,
            "requests" => InstrumentKind.Histogram,
            _ => InstrumentKind.Gauge,
        };
        var known = instrument is null ? null : Known(fields, "instrument", instrument, kind);
        if (per is not null)
            Known(fields, "per", per, kind);
        if (instrument is not null && known is null)
            return;
        var names = known?.Labels ?? [];
        foreach (var label in labels.Where(label => !names.Contains(label, StringComparer.Ordinal)))
            fields.Problem($"labels.{label}", names.Count == 0 ? "is unknown; there are no labels here" : Unknown(label, names, $"is unknown; its labels are {string.Join(", ", names)}"));
    }

    private static KnownInstrument? Known(RuleFields fields, string field, string name, InstrumentKind kind)
    {
        var known = InstrumentCatalog.Find(name);
        var isRequests = kind == InstrumentKind.Histogram;
        if (known is null)
            fields.Problem(field, Unknown(name, isRequests ? [InstrumentCatalog.RequestDuration] : InstrumentCatalog.Names(kind), "is no instrument of the app"));
        else if (isRequests ? name != InstrumentCatalog.RequestDuration : known.Kind != kind)
            fields.Problem(field, isRequests ? $"must be {InstrumentCatalog.RequestDuration}" : $"is a {known.Kind.ToString().ToLowerInvariant()}, not a {kind.ToString().ToLowerInvariant()}");
        else
            return known;
        return null;
    }

    private static string Unknown(string name, IEnumerable<string> known, string otherwise) =>
        NearestName.Of(name, known) is { } near ? $"is unknown; did you mean '{near}'?" : otherwise;

    private static (double? Clear, NoDataRule NoData, string? Reason) App(RuleFields? fields, double threshold)
    {
        if (fields is null)
            return default;
        if (fields.Has("notMeasured"))
        {
            var reason = fields.Text("notMeasured", 200);
            fields.End();
            return (null, NoDataRule.Keep, reason);
        }

        var clear = fields.Number("clearAt", "must be 0 or more");
        if (clear > threshold)
            fields.Problem("clearAt", $"must be at most the threshold ({threshold})");
        var noData = fields.OneOf("noData", ["keep", "clear", "fire"]);
        fields.End();
        return (clear, noData switch { "clear" => NoDataRule.Clear, "fire" => NoDataRule.Fire, _ => NoDataRule.Keep }, null);
    }

    private static bool IsId(string text) => text.Length is > 2 and < 42 && IsWord(text);

    private static bool IsPage(string text) => text.EndsWith(".md", StringComparison.Ordinal) && IsWord(text.AsSpan(0, text.Length - 3));

    private static bool IsWord(ReadOnlySpan<char> text) => !text.IsEmpty && char.IsAsciiLetterLower(text[0]) && !text.ContainsAnyExcept(s_word);
}
