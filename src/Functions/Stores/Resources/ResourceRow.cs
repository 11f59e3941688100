using System.Globalization;
using System.Text.Json;
using Headgate.Core.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Stores.Resources;

/// <summary>A resource as it is stored.</summary>
/// <param name="WrittenAt">When its row was written; null where it has none.</param>
/// <param name="ETag">Null where it has no row: nobody gave it rules, and nothing went wrong with it.</param>
public sealed record StoredResource(string TenantId, string Name, Resource Resource, DateTimeOffset? WrittenAt, string? ETag)
{
    /// <summary>What turns it into another, under its ETag; null where nothing is to be written.</summary>
    public TableWrite? ChangeTo(Resource after, DateTimeOffset now)
    {
        if (ReferenceEquals(after, Resource))
            return null;
        var row = ResourceRow.Write(TenantId, Name, after, now, ETag);
        if (ETag is null)
            return after.IsUnknown ? null : TableWrite.Insert(row);
        return after.IsUnknown ? TableWrite.Delete(row) : TableWrite.Replace(row);
    }
}

/// <summary>
/// Rules and state of a resource in its tenant's partition. Users and failures stand in one column each: names, numbers and types of tasks
/// hold no colon and no comma.
/// </summary>
public static class ResourceRow
{
    public static TableRow Write(string tenantId, string name, Resource resource, DateTimeOffset now, string? etag)
    {
        var own = resource.Own;
        return new(
            tenantId,
            RowKeys.Resource(name),
            new Columns(8)
            {
                { "maxConcurrent", own?.MaxConcurrent },
                { "typeLimits", own is { TypeLimits.Count: > 0 } ? JsonSerializer.Serialize(new Dictionary<string, int>(own.TypeLimits), StoredJson.Default.DictionaryStringInt32) : null },
                { "failuresToOpen", own?.FailuresToOpen },
                { "openSeconds", own?.OpenSeconds },
                { "phase", resource.Phase == ResourcePhase.Closed ? null : resource.Phase.WireName() },
                { "since", resource.Since },
                { "until", resource.Until },
                { "probe", resource.Probe is { } probe ? Write(probe) : null },
                { "reason", resource.Reason },
                { "by", resource.By },
                { "timesOpened", resource.TimesOpened == 0 ? null : resource.TimesOpened },
                { "ramp", resource.Ramp },
                { "cause", resource.Cause is { } cause ? Write(cause) : null },
                { "failures", resource.Failures.Count == 0 ? null : string.Join(',', resource.Failures.Select(Write)) },
                { "users", resource.Users.Count == 0 ? null : string.Join(',', resource.Users.Select(Write)) },
                { "writtenAt", now },
            },
            etag);
    }

    public static StoredResource Read(TableRow row)
    {
        var columns = row.Columns;
        var resource = new Resource(
            Rules(columns),
            ResourcePhases.TryParse(columns.String("phase"), out var phase) ? phase : ResourcePhase.Closed,
            columns.Time("since"),
            columns.Time("until"),
            columns.String("probe") is { } probe ? Attempt(probe) : null,
            columns.String("reason"),
            columns.String("by"),
            columns.Int("timesOpened") ?? 0,
            columns.Int("ramp"),
            columns.String("cause") is { } cause ? Attempt(cause) : null)
        {
            Failures = columns.String("failures") is { } failures ? [.. failures.Split(',').Select(Attempt)] : [],
            Users = columns.String("users") is { } users ? [.. users.Split(',').Select(User)] : [],
        };
        return new StoredResource(row.PartitionKey, row.RowKey[RowKeys.ResourcePrefix.Length..], resource, columns.Time("writtenAt"), row.ETag);
    }

    private static ResourceRules? Rules(Columns columns) => columns.Int("failuresToOpen") is { } failuresToOpen
        ? new ResourceRules(
            columns.Int("maxConcurrent"),
            columns.String("typeLimits") is { } types ? JsonSerializer.Deserialize(types, StoredJson.Default.DictionaryStringInt32)! : ResourceRules.Default.TypeLimits,
            failuresToOpen,
            columns.Int("openSeconds") ?? ResourceRules.DefaultOpenSeconds)
        : null;

    private static string Write(ResourceAttempt attempt) => $"{attempt.TaskId}:{attempt.Attempt}";

    private static string Write(ResourceUser user) => $"{Write(user.Attempt)}:{user.Type}:{user.At.ToUnixTimeMilliseconds()}";

    private static ResourceAttempt Attempt(string text)
    {
        var parts = text.Split(':');
        return new ResourceAttempt(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static ResourceUser User(string text)
    {
        var parts = text.Split(':');
        return new ResourceUser(
            new ResourceAttempt(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)),
            parts[2],
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[3], CultureInfo.InvariantCulture)));
    }
}
