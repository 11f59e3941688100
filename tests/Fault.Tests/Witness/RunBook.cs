using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Witness;

/// <summary>Every run that was accepted, and the furthest it was seen. A run goes on only, and one that has ended never changes.</summary>
internal sealed class RunBook(Sightings sightings)
{
    private static readonly string[] Order = ["queued", "pending", "running"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AcceptedRun> _runs = new(StringComparer.Ordinal);

    public List<AcceptedRun> All
    {
        get
        {
            lock (_gate)
                return [.. _runs.Values];
        }
    }

    public void Accept(string tenantId, string runId, string name)
    {
        lock (_gate)
        {
            if (_runs.TryAdd(runId, new AcceptedRun(tenantId, runId, name)))
                return;
            sightings.Holds(_runs[runId].Name == name, () => $"run {runId} was given to '{_runs[runId].Name}' and to '{name}'");
        }
    }

    /// <summary>A wish to cancel it was sent.</summary>
    public void Cancelling(string runId)
    {
        lock (_gate)
            _runs[runId].CancelAsked = true;
    }

    /// <param name="view">The run, read after <paramref name="stepBefore"/> was taken.</param>
    /// <param name="stepBefore">What <see cref="AcceptedRun.Step"/> was when the read began.</param>
    public void Saw(JsonNode view, int stepBefore)
    {
        lock (_gate)
        {
            var run = _runs[(string)view["runId"]!];
            var status = (string)view["status"]!;
            var step = Array.IndexOf(Order, status) is >= 0 and var open ? open : Order.Length;
            sightings.Holds(step >= stepBefore, () => $"run {run.RunId} went back to {status}");
            run.Step = Math.Max(run.Step, step);
            if (step < Order.Length)
                return;
            var text = view.ToJsonString();
            sightings.Holds(run.Ended is null || run.Ended == text, () => $"run {run.RunId} changed after its end: {run.Ended} became {text}");
            run.Ended ??= text;
        }
    }
}

/// <summary>Guarded by its book.</summary>
internal sealed class AcceptedRun(string tenantId, string runId, string name)
{
    public string TenantId => tenantId;

    public string RunId => runId;

    public string Name => name;

    public string Path => $"/tenants/{tenantId}/runs/{runId}";

    /// <summary>0 queued, 1 pending, 2 running, 3 ended.</summary>
    public int Step { get; set; }

    public bool CancelAsked { get; set; }

    /// <summary>The whole run as it was first seen ended.</summary>
    public string? Ended { get; set; }
}
