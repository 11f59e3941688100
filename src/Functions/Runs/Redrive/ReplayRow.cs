using System.Text.Json;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>A replay of many dead letters and how far it has come.</summary>
/// <param name="Filter">Which letters; those that come later are not meant.</param>
/// <param name="Limit">At most so many letters, but a run's letters go together.</param>
/// <param name="FromStart">Whether completed tasks run again too.</param>
/// <param name="RatePerSecond">At most so many runs.</param>
/// <param name="Matching">How many matched when it began.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record ReplayRecord(
    string TenantId, string ReplayId, DeadLetterFilter Filter, int Limit, bool FromStart, double RatePerSecond, int Matching, DateTimeOffset StartedAt, string Actor)
{
    public string? TraceParent { get; init; }

    /// <summary>Letters whose runs were admitted again.</summary>
    public int Replayed { get; init; }

    /// <summary>New runs.</summary>
    public int Runs { get; init; }

    /// <summary>Letters that need no replay any more, or can't have one.</summary>
    public int Skipped { get; init; }

    /// <summary>How often the gate refused, by code.</summary>
    public IReadOnlyDictionary<string, int> Refusals { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Refusals since the last admission.</summary>
    public int RefusalsInARow { get; init; }

    public string? LastRefusal { get; init; }

    /// <summary>The first key not looked at; null before the first step.</summary>
    public string? From { get; init; }

    /// <summary>Runs that were counted and whose letters are perhaps still there.</summary>
    public IReadOnlyList<string> Unremoved { get; init; } = [];

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>It ended because it could not go on for too long.</summary>
    public bool IsExpired { get; init; }

    public string? ETag { get; init; }

    public string State => FinishedAt is null ? RefusalsInARow > 0 ? "waiting" : "running" : IsExpired ? "expired" : "completed";
}

public static class ReplayRow
{
    public static TableRow Write(ReplayRecord replay) => new(
        replay.TenantId,
        RowKeys.Replay(replay.ReplayId),
        new Columns(20)
        {
            { "category", replay.Filter.Category },
            { "type", replay.Filter.Type },
            { "since", replay.Filter.Since },
            { "until", replay.Filter.Until },
            { "limit", replay.Limit },
            { "fromStart", replay.FromStart ? true : null },
            { "ratePerSecond", replay.RatePerSecond },
            { "matching", replay.Matching },
            { "startedAt", replay.StartedAt },
            { "actor", replay.Actor },
            { "traceParent", replay.TraceParent },
            { "replayed", replay.Replayed },
            { "runs", replay.Runs },
            { "skipped", replay.Skipped },
            { "refusals", replay.Refusals.Count == 0 ? null : JsonSerializer.Serialize(new Dictionary<string, int>(replay.Refusals), StoredJson.Default.DictionaryStringInt32) },
            { "refusalsInARow", replay.RefusalsInARow == 0 ? null : replay.RefusalsInARow },
            { "lastRefusal", replay.LastRefusal },
            { "from", replay.From },
            { "unremoved", replay.Unremoved.Count == 0 ? null : string.Join(',', replay.Unremoved) },
            { "finishedAt", replay.FinishedAt },
            { "isExpired", replay.IsExpired ? true : null },
        },
        replay.ETag);

    public static ReplayRecord Read(TableRow row)
    {
        var columns = row.Columns;
        return new ReplayRecord(
            row.PartitionKey,
            row.RowKey[RowKeys.ReplayPrefix.Length..],
            new(columns.String("category"), columns.String("type"), columns.Time("since"), columns.Time("until")),
            columns.Int("limit") ?? 0,
            columns.Flag("fromStart"),
            columns.Double("ratePerSecond") ?? 1,
            columns.Int("matching") ?? 0,
            columns.Time("startedAt") ?? DateTimeOffset.MinValue,
            columns.String("actor") ?? "")
        {
            TraceParent = columns.String("traceParent"),
            Replayed = columns.Int("replayed") ?? 0,
            Runs = columns.Int("runs") ?? 0,
            Skipped = columns.Int("skipped") ?? 0,
            Refusals = columns.String("refusals") is { } refusals ? JsonSerializer.Deserialize(refusals, StoredJson.Default.DictionaryStringInt32)! : new Dictionary<string, int>(StringComparer.Ordinal),
            RefusalsInARow = columns.Int("refusalsInARow") ?? 0,
            LastRefusal = columns.String("lastRefusal"),
            From = columns.String("from"),
            Unremoved = columns.String("unremoved") is { } unremoved ? unremoved.Split(',') : [],
            FinishedAt = columns.Time("finishedAt"),
            IsExpired = columns.Flag("isExpired"),
            ETag = row.ETag,
        };
    }
}
