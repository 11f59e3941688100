using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Deployed;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>Who gets which role on what. Ids of built-in roles stand in a list that was checked against public sources.</summary>
internal static partial class Roles
{
    private const string Assignment = "Microsoft.Authorization/roleAssignments";

    private static readonly Dictionary<string, string> Known = File.ReadLines(Repository.Full("tests/Infrastructure.Tests/Facts/role-definitions.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    /// <summary>Each as <c>who: role on type of resource</c>, in order.</summary>
    public static IReadOnlyList<string> Of(Deployment deployment) =>
        [.. deployment.All(Assignment)
            .Select(assignment => $"{assignment["properties.principalId"]}: {Name(assignment["properties.roleDefinitionId"]!.Split('/')[^1])} on {TypeOf(ScopeOf(assignment.Id))}")
            .Order(StringComparer.Ordinal)];

    /// <summary>Modules that assign roles.</summary>
    public static IEnumerable<string> Modules(JsonElement template) =>
        TemplateRules.Modules(template)
            .Where(module => module.Template.GetProperty("resources").EnumerateObject().Any(resource => resource.Value.GetProperty("type").GetString() == Assignment))
            .Select(module => module.Name);

    /// <summary>Roles that a template's variable <c>roles</c> calls by another's name, and ids in any variable of a template that are no role's.</summary>
    public static IEnumerable<string> Misnamed(JsonElement template) =>
        from module in TemplateRules.Modules(template)
        where module.Template.TryGetProperty("variables", out _)
        from role in Ids(module.Template.GetProperty("variables"), "")
        where !string.Equals(Name(role.Id).Replace(" ", "", StringComparison.Ordinal).Replace("Azure", "", StringComparison.Ordinal), role.Name, StringComparison.OrdinalIgnoreCase)
        select $"{role.Id} is {Name(role.Id)}, not '{role.Name}'";

    private static string Name(string id) => Known.GetValueOrDefault(id, $"no role in the list ({id})");

    private static IEnumerable<(string Name, string Id)> Ids(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Ids(member.Value, member.Name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Ids(item, name)),
        JsonValueKind.String when Guid().IsMatch(value.GetString()!) => [(name, value.GetString()!)],
        _ => [],
    };

    private static string TypeOf(string id)
    {
        var parts = id[(id.LastIndexOf("/providers/", StringComparison.Ordinal) + "/providers/".Length)..].Split('/');
        return string.Join('/', parts.Where((_, i) => i == 0 || i % 2 == 1));
    }

    // An assignment that is named for an id that only Azure knows has an expression for an id of its own.
    private static string ScopeOf(string id) =>
        Scope().Match(id) is { Success: true } known ? known.Groups["id"].Value : id.Split($"/providers/{Assignment}/")[0];

    [GeneratedRegex(@"^\[extensionResourceId\('(?<id>[^']+)', 'Microsoft\.Authorization/roleAssignments'", RegexOptions.ExplicitCapture)]
    private static partial Regex Scope();

    [GeneratedRegex("^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Guid();
}
