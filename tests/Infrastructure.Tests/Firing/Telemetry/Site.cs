using System.Text.Json;
using Headgate.Infrastructure.Tests.Firing.Language;
using Headgate.TestKit;

namespace Headgate.Infrastructure.Tests.Firing.Telemetry;

/// <summary>A deployed app over time, and what Azure Monitor has been told of it.</summary>
internal sealed class Site : IDisposable
{
    private readonly Dictionary<string, AppProcess> _processes = new(StringComparer.Ordinal);
    private readonly List<(string Table, Row Row, DateTime At, DateTime Arrived)> _rows = [];
    private readonly ManualClock _clock = new();

    /// <summary>Its whole minutes are those of the clock.</summary>
    public DateTime Now => _clock.GetUtcNow().UtcDateTime;

    /// <summary>How long telemetry takes until a query finds it.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When in its minute a process exports.</summary>
    public TimeSpan Phase { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What the platform measured of queues, a minute each.</summary>
    public List<(DateTime At, string Entity, string Metric, double Least)> QueueMetrics { get; } = [];

    /// <summary>What the availability test saw.</summary>
    public List<(DateTime At, string Place, bool Reached)> Availability { get; } = [];

    public AppProcess this[string name] => _processes.TryGetValue(name, out var process) ? process : _processes[name] = new(name, _clock);

    /// <summary>Lets minutes pass.</summary>
    /// <param name="minutes">How many.</param>
    /// <param name="happens">What happens at the begin of each; gets its number from 0.</param>
    /// <param name="exports">Whether a process is there in a minute and exports what it has; they all are where null.</param>
    public void Pass(int minutes, Action<int> happens, Func<int, string, bool>? exports = null)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            happens(minute);
            _clock.Advance(Phase);
            foreach (var process in _processes.Values.Where(process => exports?.Invoke(minute, process.Name) ?? true))
            {
                foreach (var point in process.Export())
                    Add("customMetrics", point.At(Now, process.Name));
            }

            _clock.Advance(TimeSpan.FromMinutes(1) - Phase);
        }
    }

    /// <summary>What the Functions host tells of a call: one of HTTP has an address and its status, any other no address and the code 0.</summary>
    /// <param name="duration">In milliseconds.</param>
    /// <param name="count">How many calls the sampled one stands for.</param>
    /// <param name="http">Whether it came over HTTP.</param>
    /// <param name="function">Which answered a call over HTTP.</param>
    public void Called(string code, double duration = 20, long count = 1, bool http = true, string function = "ListRuns") => Add("requests", new()
    {
        ["timestamp"] = Now,
        ["name"] = http ? function : "Measure",
        ["url"] = http ? "https://headgate.example/tenants/acme/runs" : "",
        ["resultCode"] = code,
        ["success"] = code.StartsWith('2') || code == "0" ? "True" : "False",
        ["duration"] = duration,
        ["itemCount"] = count,
        ["customDimensions"] = JsonElement.Parse("{}"),
    });

    /// <summary>What the workspace writes of itself. Columns: https://learn.microsoft.com/azure/azure-monitor/logs/monitor-workspace</summary>
    public void Operated(string category, string operation, string level, string detail) => Add("_LogOperation", new()
    {
        ["TimeGenerated"] = Now,
        ["Category"] = category,
        ["Operation"] = operation,
        ["Level"] = level,
        ["Detail"] = detail,
        ["_ResourceId"] = "",
    });

    /// <summary>The tables as a query finds them.</summary>
    /// <param name="now">When it looks.</param>
    /// <param name="range">How far back it does.</param>
    /// <param name="names">Of the tables that it can see.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<Row>> Tables(DateTime now, TimeSpan range, params IReadOnlyList<string> names) => names.ToDictionary(
        table => table,
        table => (IReadOnlyList<Row>)[.. _rows.Where(each => each.Table == table && each.Arrived <= now && each.At > now - range).Select(each => each.Row)],
        StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var process in _processes.Values)
            process.Dispose();
    }

    private void Add(string table, Row row) => _rows.Add((table, row, Now, Now + Delay));
}
