using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Headgate.Cli.Files;
using Headgate.Client;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

/// <param name="Path">Of what wants it, in the file.</param>
/// <param name="View">What it is.</param>
/// <param name="MakeAsync">Makes it.</param>
internal sealed record Change(string Path, ChangeView View, Func<CancellationToken, Task> MakeAsync);

/// <summary>
/// What has to change so that a tenant is as a file wants it. Fields that the file leaves out stay as they are. A tenant is changed only if it is
/// still as it was read.
/// </summary>
internal sealed class TenantChanges(Call call, WantedTenant wanted, bool prune)
{
    private const string BuiltInPolicy = "default";

    public async IAsyncEnumerable<Change> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        call.FilePath = wanted.Path;
        var current = await CurrentAsync(cancellationToken);
        if (current is null)
            yield return Create();
        else if (Update(current) is { } update)
            yield return update;

        if (wanted.Policies is { } policies)
        {
            await foreach (var change in PoliciesAsync(policies, current is not null, cancellationToken))
                yield return change;
        }

        if (wanted.Members is { } members)
        {
            await foreach (var change in MembersAsync(members, current is not null, cancellationToken))
                yield return change;
        }
    }

    private async Task<TenantView?> CurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await call.Client.Tenants.GetAsync(wanted.Id, cancellationToken);
        }
        catch (HeadgateException refusal) when (refusal.Code == "tenant-not-found")
        {
            return null;
        }
    }

    private Change Create()
    {
        var limits = wanted.Limits.Count == 0 ? null : wanted.Limits.Deserialize(ContractJson.Default.LimitsRequest);
        var tenant = new CreateTenantRequest(wanted.Id, wanted.Name ?? wanted.Id, wanted.Plan ?? "pro", limits);
        var fields = new JsonObject { ["name"] = tenant.Name, ["plan"] = tenant.Plan };
        foreach (var (name, value) in wanted.Limits)
            fields["limits." + name] = value!.DeepClone();
        return new(wanted.Path, View("create", "tenant", null, Differences(null, fields)), cancellationToken => call.Client.Tenants.CreateAsync(tenant, cancellationToken));
    }

    private Change? Update(TenantView current)
    {
        var now = Json(current, ContractJson.Default.TenantView);
        var fields = new JsonObject();
        if (wanted.Name is not null)
            fields["name"] = wanted.Name;
        if (wanted.Plan is not null)
            fields["plan"] = wanted.Plan;
        var changes = Differences(now, fields);
        var limitsNow = now["limits"]!.AsObject();
        var limits = Merged(limitsNow, wanted.Limits, onlyWanted: true);
        var limitChanges = Differences(limitsNow, limits);
        if (changes.Count + limitChanges.Count == 0)
            return null;

        var body = new JsonObject();
        foreach (var change in changes)
            body[change.Field] = fields[change.Field]!.DeepClone();
        if (limitChanges.Count > 0)
            body["limits"] = new JsonObject(limitChanges.Select(change => KeyValuePair.Create(change.Field, limits[change.Field]?.DeepClone())));
        var all = changes.Concat(limitChanges.Select(change => change with { Field = "limits." + change.Field })).ToList();
        return new(wanted.Path, View("update", "tenant", null, all), cancellationToken => call.Client.Tenants.UpdateAsync(wanted.Id, body, current.ETag, cancellationToken));
    }

    private IAsyncEnumerable<Change> PoliciesAsync(JsonObject policies, bool exists, CancellationToken cancellationToken) => EntriesAsync(
        "policy",
        "policies",
        policies,
        exists ? call.Client.Policies.ListAsync(wanted.Id, cancellationToken) : AsyncEnumerable.Empty<PolicyView>(),
        ContractJson.Default.PolicyView,
        policy => policy.Name,
        (name, policy, token) => call.Client.Policies.PutAsync(wanted.Id, name, policy.Deserialize(ContractJson.Default.PolicyRequest)!, token),
        (name, token) => call.Client.Policies.DeleteAsync(wanted.Id, name, token));

    private IAsyncEnumerable<Change> MembersAsync(JsonObject members, bool exists, CancellationToken cancellationToken) => EntriesAsync(
        "member",
        "members",
        members,
        exists ? call.Client.Members.ListAsync(wanted.Id, cancellationToken) : AsyncEnumerable.Empty<MemberView>(),
        ContractJson.Default.MemberView,
        member => member.Subject,
        (subject, member, token) => call.Client.Members.PutAsync(wanted.Id, subject, member.Deserialize(ContractJson.Default.MemberRequest)!, token),
        (subject, token) => call.Client.Members.RemoveAsync(wanted.Id, subject, token));

    // New ones first and removals last: a tenant always keeps an owner.
    private async IAsyncEnumerable<Change> EntriesAsync<T>(
        string kind,
        string section,
        JsonObject entries,
        IAsyncEnumerable<T> current,
        JsonTypeInfo<T> type,
        Func<T, string> nameOf,
        Func<string, JsonObject, CancellationToken, Task> put,
        Func<string, CancellationToken, Task> remove)
    {
        var there = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        await foreach (var entry in current)
            there[nameOf(entry)] = Json(entry, type);
        foreach (var (name, entry) in entries.OrderBy(entry => there.ContainsKey(entry.Key)))
        {
            var fields = entry!.AsObject();
            var now = there.GetValueOrDefault(name);
            var changes = Differences(now, fields);
            if (now is not null && changes.Count == 0)
                continue;
            // A call that writes takes the fields it knows out of all that was read.
            var whole = now is null ? fields : Merged(now, fields, onlyWanted: false);
            yield return new($"{wanted.Path}.{section}.{name}", View(now is null ? "create" : "update", kind, name, changes), token => put(name, whole, token));
        }

        foreach (var name in there.Keys.Where(name => prune && !entries.ContainsKey(name) && (kind != "policy" || name != BuiltInPolicy)))
            yield return new($"{wanted.Path}.{section}", View("delete", kind, name, []), token => remove(name, token));
    }

    private ChangeView View(string action, string kind, string? name, IReadOnlyList<FieldChange> fields) => new(action, kind, wanted.Id, name, fields);

    private static List<FieldChange> Differences(JsonObject? now, JsonObject fields) =>
    [
        .. fields.Where(field => now is null || !AreSame(now[field.Key], field.Value))
            .Select(field => new FieldChange(field.Key, now is null ? null : now[field.Key]?.ToJsonString() ?? "null", field.Value?.ToJsonString() ?? "null")),
    ];

    // A moment may be written in more than one way.
    private static bool AreSame(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other)
        || (MomentOf(one) is { } moment && MomentOf(other) == moment);

    private static DateTimeOffset? MomentOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? Given.MomentOf(value.GetValue<string>(), DateTimeOffset.UnixEpoch) : null;

    /// <summary>The fields that are wanted over those that are; objects in them likewise.</summary>
    private static JsonObject Merged(JsonObject now, JsonObject fields, bool onlyWanted)
    {
        var merged = onlyWanted ? [] : now.DeepClone().AsObject();
        foreach (var (name, value) in fields)
            merged[name] = value is JsonObject inner && now[name] is JsonObject before ? Merged(before, inner, onlyWanted: false) : value?.DeepClone();
        return merged;
    }

    // Read from text, so that numbers are compared as numbers.
    private static JsonObject Json<T>(T value, JsonTypeInfo<T> type) => JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(value, type))!.AsObject();
}
