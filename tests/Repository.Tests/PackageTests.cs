using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Headgate.Repository.Tests;

/// <summary>One place for versions, each exact.</summary>
public sealed partial class PackageTests
{
    [Fact]
    public void ProjectFiles_PackageReferences_NameNoVersion() =>
        Findings.None("Versions belong into Directory.Packages.props:",
            from file in Tree.Files
            where file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Path.EndsWith(".targets", StringComparison.Ordinal)
            from element in XDocument.Parse(file.Text).Descendants("PackageReference")
            where element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null || element.Element("Version") is not null
            select $"{file.Path}: {(string?)element.Attribute("Include")}");

    [Fact]
    public void CentralVersions_Each_AreExact() =>
        Findings.None("Versions that are not exact:",
            XDocument.Parse(Tree.Named("Directory.Packages.props").Text).Descendants("PackageVersion")
                .Where(element => !ExactVersion().IsMatch((string?)element.Attribute("Version") ?? ""))
                .Select(element => (string)element.Attribute("Include")!));

    [Fact]
    public void CentralVersions_Each_AreUsed()
    {
        var used = Tree.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Path.EndsWith(".targets", StringComparison.Ordinal) || file.Path == "Directory.Build.props")
            .SelectMany(file => XDocument.Parse(file.Text).Descendants("PackageReference"))
            .Select(element => (string)element.Attribute("Include")!)
            .ToHashSet(StringComparer.Ordinal);

        Findings.None("Versions of packages that nothing references:",
            XDocument.Parse(Tree.Named("Directory.Packages.props").Text).Descendants("PackageVersion")
                .Where(element => (string?)element.Parent!.Attribute("Label") != "Transitive")
                .Select(element => (string)element.Attribute("Include")!)
                .Where(package => !used.Contains(package)));
    }

    [Fact]
    public void Builds_Everywhere_TreatWarningsAsErrors()
    {
        var build = XDocument.Parse(Tree.Named("Directory.Build.props").Text);

        Assert.Equal("true", build.Descendants("TreatWarningsAsErrors").Single().Value);
        Findings.None("Warnings are switched off in .editorconfig, with a reason, and nowhere else:",
            Tree.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal) || file.Path.EndsWith(".targets", StringComparison.Ordinal) || file.Path.EndsWith(".props", StringComparison.Ordinal))
                .Where(file => XDocument.Parse(file.Text).Descendants("WarningsNotAsErrors").Any())
                .Select(file => file.Path));
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[\w.]+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex ExactVersion();
}
