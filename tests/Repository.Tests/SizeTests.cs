namespace Headgate.Repository.Tests;

/// <summary>The size budget: small files in small rooms.</summary>
public sealed class SizeTests
{
    private const int SourceCap = 300;
    private const int SourceMany = 150;
    private const int SourceMedian = 60;
    private const int TestCap = 400;
    private const int FolderCap = 25;

    [Fact]
    public void SourceFiles_Each_StayUnderTheCap() =>
        Findings.None($"Source files over {SourceCap} lines:", Over(Tree.Product, SourceCap));

    [Fact]
    public void SourceFiles_NineInTen_AreShort()
    {
        var files = Tree.Product.ToList();
        var longOnes = Over(files, SourceMany).ToList();

        Assert.True(longOnes.Count * 10 <= files.Count, $"More than a tenth of {files.Count} files pass {SourceMany} lines:\n  {string.Join("\n  ", longOnes)}");
    }

    [Fact]
    public void SourceFiles_Half_AreVeryShort()
    {
        var lengths = Tree.Product.Select(file => file.LineCount).Order().ToList();

        Assert.InRange(lengths[lengths.Count / 2], 0, SourceMedian);
    }

    [Fact]
    public void TestFiles_Each_StayUnderTheCap() =>
        Findings.None($"Test files over {TestCap} lines:", Over(Tree.Tests, TestCap));

    [Fact]
    public void Folders_OfSource_HoldFewFiles() =>
        Findings.None($"Folders with more than {FolderCap} source files:",
            Tree.Product.GroupBy(file => file.Folder).Where(folder => folder.Count() > FolderCap).Select(folder => $"{folder.Key}: {folder.Count()}"));

    [Theory]
    [InlineData("src/Core")]
    [InlineData("src/Functions")]
    public void Roots_OfTheLargeProjects_HoldFiveFilesAtMost(string project) =>
        Assert.InRange(Tree.Product.Count(file => file.Folder == project), 0, 5);

    private static IEnumerable<string> Over(IEnumerable<SourceFile> files, int lines) =>
        files.Where(file => file.LineCount > lines).Select(file => $"{file.Path}: {file.LineCount}");
}
