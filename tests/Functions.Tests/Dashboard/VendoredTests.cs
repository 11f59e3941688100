using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.TestKit;

namespace Headgate.Functions.Tests.Dashboard;

/// <summary>The libraries of others that the dashboard carries: each is what its package holds but for the change that is written down, and has its licence beside it.</summary>
public sealed class VendoredTests
{
    private static readonly string s_folder = RepositoryFiles.At("src/Functions/Dashboard/wwwroot/vendor");

    private static readonly JsonArray s_list = JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, "vendor.json")))!.AsArray();

    public static TheoryData<string> Files => [.. s_list.Select(each => (string)each!["file"]!)];

    [Theory, MemberData(nameof(Files))]
    public void File_WithoutOurChange_IsThePackages(string file)
    {
        var entry = s_list.Single(each => (string)each!["file"]! == file)!;
        var text = File.ReadAllText(Path.Combine(s_folder, file));
        if (entry["change"] is { } change)
        {
            var (ours, theirs) = ((string)change["ours"]!, (string)change["theirs"]!);
            Assert.NotEmpty((string)change["why"]!);
            Assert.Contains(ours, text, StringComparison.Ordinal);
            text = theirs.Length == 0 ? text[..^ours.Length] : text.Replace(ours, theirs, StringComparison.Ordinal);
        }

        Assert.Equal((string)entry["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        Assert.NotEmpty(File.ReadAllText(Path.Combine(s_folder, (string)entry["licence"]!)));
    }

    [Fact]
    public void Folder_OfWhatOthersMade_HoldsNothingThatIsNotListed() =>
        Assert.Equal(
            s_list.SelectMany(each => new[] { (string)each!["file"]!, (string)each["licence"]! }).Append("vendor.json").Distinct().Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(s_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
