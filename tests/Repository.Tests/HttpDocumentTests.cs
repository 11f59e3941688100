using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>docs/http.md names the routes that functions have, each of them and no others.</summary>
public sealed partial class HttpDocumentTests
{
    [Fact]
    public void Routes_InCodeAndDocument_AreTheSame()
    {
        var code = Tree.Product.Where(file => file.Project == "src/Functions").SelectMany(file => Routes(file.Text)).Order(StringComparer.Ordinal).ToList();
        var document = Documented().Matches(Tree.Named("docs/http.md").Text).Select(match => match.Groups["call"].Value).Distinct().Order(StringComparer.Ordinal).ToList();

        Findings.None("Routes that docs/http.md lacks:", code.Except(document));
        Findings.None("Calls in docs/http.md that no function takes:", document.Except(code));
    }

    private static IEnumerable<string> Routes(string text) =>
        from Match trigger in Trigger().Matches(text)
        let route = trigger.Groups["route"].Success ? trigger.Groups["route"].Value : Constant(text, trigger.Groups["constant"].Value)
        select $"{trigger.Groups["method"].Value.ToUpperInvariant()} /{Optional().Replace(route, "").TrimStart('/')}";

    private static string Constant(string text, string name) =>
        Constants().Matches(text).FirstOrDefault(constant => constant.Groups["name"].Value == name)?.Groups["value"].Value ?? $"<constant {name}>";

    [GeneratedRegex(@"HttpTrigger\(AuthorizationLevel\.\w+, ""(?<method>\w+)"", Route = (?:""(?<route>[^""]*)""|(?<constant>\w+))", RegexOptions.ExplicitCapture)]
    private static partial Regex Trigger();

    [GeneratedRegex(@"\{[^{}]*\?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Optional();

    [GeneratedRegex(@"const string (?<name>\w+) = ""(?<value>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constants();

    [GeneratedRegex(@"`(?<call>(?:GET|POST|PUT|PATCH|DELETE) /[\w/{}.-]*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Documented();
}
