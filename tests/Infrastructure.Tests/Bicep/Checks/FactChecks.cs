using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>Names and ids that only Azure decides stand in lists that were checked against public sources.</summary>
internal static partial class FactChecks
{
    private static readonly HashSet<string> ApiVersions = [.. Lines("api-versions.txt")];

    /// <summary>Role names by id.</summary>
    private static readonly Dictionary<string, string> Roles =
        Lines("role-definitions.txt").Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    public static IEnumerable<Problem> Of(BicepFile file) => Versions(file).Concat(RoleNames(file)).Concat(OtherIds(file));

    private static IEnumerable<Problem> Versions(BicepFile file) =>
        from resource in file.All<Resource>()
        let version = $"{resource.Type}@{resource.ApiVersion}"
        where !ApiVersions.Contains(version)
        select new Problem(file.Path, resource.Line, "unknown-api-version", $"'{version}' is not in the list of checked versions");

    private static IEnumerable<Problem> RoleNames(BicepFile file) =>
        from variable in file.All<Variable>()
        where variable.Name == "roles" && variable.Value is ObjectExpression
        from property in ((ObjectExpression)variable.Value).Properties
        let id = (property.Value as LiteralExpression)?.Value as string ?? ""
        where Roles.GetValueOrDefault(id)?.Replace(" ", "", StringComparison.Ordinal).Replace("Azure", "", StringComparison.Ordinal) is not { } name
            || !string.Equals(name, property.Name, StringComparison.OrdinalIgnoreCase)
        select new Problem(file.Path, property.Line, "wrong-role", $"'{id}' is {Roles.GetValueOrDefault(id, "no role in the list")}, not '{property.Name}'");

    private static IEnumerable<Problem> OtherIds(BicepFile file) =>
        from place in Names.Places(file)
        let text = (place.Expression as LiteralExpression)?.Value as string
        where text is not null && Guid().IsMatch(text) && !Roles.ContainsKey(text)
        select new Problem(file.Path, place.Expression.Line, "wrong-role", $"'{text}' is the id of no role in the list");

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Repository.Full($"tests/Infrastructure.Tests/Facts/{file}")).Where(line => line.Length > 0 && !line.StartsWith('#'));

    [GeneratedRegex("^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Guid();
}
