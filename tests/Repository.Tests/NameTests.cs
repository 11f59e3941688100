using System.Text.RegularExpressions;

namespace Headgate.Repository.Tests;

/// <summary>Names say what a thing is, not what kind of thing it is.</summary>
public sealed partial class NameTests
{
    private static readonly string[] EmptySuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Model", "Models", "Service", "Services", "Common", "Misc"];

    [Fact]
    public void Types_OfTheProduct_CarryNoEmptySuffix() =>
        Findings.None("Type names that say nothing:",
            from file in Tree.Product
            from type in TypesIn(file.Text)
            where HasEmptySuffix(type)
            select $"{file.Path}: {type}");

    [Fact]
    public void Folders_OfSourceAndTests_AreNamedForIdeas() =>
        Findings.None("Folders named for a kind of thing:",
            Tree.Code.Select(file => file.Folder).Distinct().Where(folder => folder.Split('/').Skip(1).Any(HasEmptySuffix)));

    [Fact]
    public void Files_OfOneType_CarryItsName() =>
        Findings.None("Files that are named for another thing than the one type in them:",
            from file in Tree.Product
            let types = TypesIn(file.Text).ToList()
            where types.Count == 1 && file.Name.Split('.')[0] is var name && name != types[0]
            select $"{file.Path} holds {types[0]}");

    [Fact]
    public void TestMethods_Names_HaveThreeParts() =>
        Findings.None("Tests not named Method_Condition_Expectation:",
            from file in Tree.Code
            where file.Path.StartsWith("tests/", StringComparison.Ordinal)
            from Match test in TestMethod().Matches(file.Text)
            let name = test.Groups["name"].Value
            where !ThreeParts().IsMatch(name)
            select $"{file.Path}: {name}");

    [Theory]
    [InlineData("RunManager", true)]
    [InlineData("Utils", true)]
    [InlineData("ServiceConnection", false)]
    [InlineData("Settlement", false)]
    public void HasEmptySuffix_Name_AsExpected(string name, bool expected) => Assert.Equal(expected, HasEmptySuffix(name));

    [Theory]
    [InlineData("Decide_MonthUsedUp_Refuses", true)]
    [InlineData("Decide_Refuses", false)]
    [InlineData("decide_monthUsedUp_refuses", false)]
    [InlineData("Works", false)]
    public void ThreeParts_Name_AsExpected(string name, bool expected) => Assert.Equal(expected, ThreeParts().IsMatch(name));

    private static bool HasEmptySuffix(string name) => Array.Exists(EmptySuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    private static IEnumerable<string> TypesIn(string text) => TypeDeclaration().Matches(text).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref)\s+)+(?:class|record\s+struct|record\s+class|record|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^\s*\[\w*(?:Fact|Theory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*(?:(?:public|async|static|virtual|override)\s+)*[\w<>\[\]?.]+\s+(?<name>\w+)\s*\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*_[A-Z0-9][A-Za-z0-9]*_[A-Z0-9][A-Za-z0-9]*$", RegexOptions.ExplicitCapture)]
    private static partial Regex ThreeParts();
}
