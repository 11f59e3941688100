namespace Headgate.Repository.Tests;

/// <summary>A file that is longer than this holds more than one idea. How long a good one is, CONTRIBUTING.md advises.</summary>
public sealed class SizeTests
{
    private const int Cap = 400;

    [Fact]
    public void Files_OfCode_StayUnderTheCap() =>
        Findings.None($"Files over {Cap} lines:", Tree.Code.Where(file => file.LineCount > Cap).Select(file => $"{file.Path}: {file.LineCount}"));
}
