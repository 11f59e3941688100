using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;

namespace Headgate.Cli.Files;

/// <summary>A tenant as a file wants it; what is left out stays as it is.</summary>
/// <param name="Path">Where it stands in the file: <c>tenants[0]</c>.</param>
/// <param name="Id">The tenant's id.</param>
/// <param name="Name">Null: as it is; of a new one the id.</param>
/// <param name="Plan">Null: as it is; of a new one <c>pro</c>.</param>
/// <param name="Limits">Those that are given.</param>
/// <param name="Policies">By name; null: they stay as they are.</param>
/// <param name="Members">By subject; null: they stay as they are.</param>
internal sealed record WantedTenant(string Path, string Id, string? Name, string? Plan, JsonObject Limits, JsonObject? Policies, JsonObject? Members);

/// <summary>What <c>headgate apply</c> reads: <c>tenants:</c>, a list of <c>id</c>, <c>name</c>, <c>plan</c>, <c>limits</c>, <c>policies</c> and <c>members</c>.</summary>
internal sealed class TenantsFile(YamlFile file)
{
    /// <exception cref="UsageException">Something is unknown, of another kind, or there twice.</exception>
    public IReadOnlyList<WantedTenant> Read()
    {
        if (file.Root is not JsonObject root)
            throw new UsageException($"{file.Name}: holds no tenants.");
        Known(root, "", "tenants");
        if (root["tenants"] is not JsonArray list)
            throw new UsageException($"{file.Name}: tenants is missing, or not a list.");
        var tenants = list.Select((tenant, i) => Tenant(tenant, $"tenants[{i}]")).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return tenants.Find(tenant => !seen.Add(tenant.Id)) is { } twice ? throw file.Refusal(twice.Path + ".id", $"is there twice: '{twice.Id}'.") : tenants;
    }

    private WantedTenant Tenant(JsonNode? node, string path)
    {
        var tenant = Object(node, path);
        Known(tenant, path, "id", "name", "plan", "limits", "policies", "members");
        var limits = Fields(tenant, path, "limits", ContractJson.Default.LimitsRequest);
        return new(
            path,
            Text(tenant, path, "id") ?? throw file.Refusal(path, "has no id."),
            Text(tenant, path, "name"),
            Text(tenant, path, "plan"),
            limits ?? [],
            Named(tenant, path, "policies", ContractJson.Default.PolicyRequest),
            Named(tenant, path, "members", ContractJson.Default.MemberRequest));
    }

    private JsonObject? Named<T>(JsonObject holder, string path, string name, JsonTypeInfo<T> type)
    {
        if (holder[name] is not { } section)
            return null;
        var entries = Object(section, $"{path}.{name}");
        foreach (var entry in entries.Select(entry => entry.Key).ToList())
        {
            Segment(entry, $"{path}.{name}.{entry}");
            Fields(entries, $"{path}.{name}", entry, type);
        }

        return entries;
    }

    private JsonObject? Fields<T>(JsonObject holder, string path, string name, JsonTypeInfo<T> type)
    {
        if (holder[name] is not { } node)
            return null;
        var inner = $"{path}.{name}";
        var fields = Object(node, inner);
        Known(fields, inner, [.. type.Properties.Select(property => property.Name)]);
        // A null would mean the plan's own, or a default: what that is can't be compared with what is.
        if (fields.FirstOrDefault(field => field.Value is null).Key is { } empty)
            throw file.Refusal($"{inner}.{empty}", "has no value; leave it out to keep what is.");
        try
        {
            fields.Deserialize(type);
            return fields;
        }
        catch (JsonException wrong)
        {
            throw file.Refusal(inner + (wrong.Path is { Length: > 1 } at ? at[1..] : ""), "has a value of another kind.");
        }
    }

    private JsonObject Object(JsonNode? node, string path) => node as JsonObject ?? throw file.Refusal(path, "must hold fields.");

    private string? Text(JsonObject holder, string path, string name)
    {
        if (!holder.TryGetPropertyValue(name, out var node))
            return null;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            throw file.Refusal($"{path}.{name}", "must be a string.");
        var text = value.GetValue<string>();
        if (name == "id")
            Segment(text, $"{path}.{name}");
        return text;
    }

    private void Segment(string id, string path)
    {
        if (id is "" or "." or "..")
            throw file.Refusal(path, "is no id.");
    }

    private void Known(JsonObject holder, string path, params string[] names)
    {
        if (holder.Select(field => field.Key).FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw file.Refusal(path.Length == 0 ? unknown : $"{path}.{unknown}", $"is unknown; there are {string.Join(", ", names)}.");
    }
}
