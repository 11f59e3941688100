using Microsoft.Azure.Functions.Worker;

namespace Headgate.AzureSdkSurface.Tests;

public sealed class SurfaceTests
{
    private static readonly string s_checkedIn = Path.Combine(AppContext.BaseDirectory, "surface.txt");

    [Fact]
    public void PublicMembers_AgainstTheCheckedInList_AreTheSame()
    {
        var actual = SurfaceText.Of(typeof(FunctionAttribute).Assembly);
        var expected = File.ReadAllLines(s_checkedIn);
        var found = Path.Combine(AppContext.BaseDirectory, "surface.found.txt");
        File.WriteAllLines(found, actual);

        var problems = actual.Except(expected).Select(line => $"not in surface.txt: {line}")
            .Concat(expected.Except(actual).Select(line => $"gone from the surface: {line}"))
            .ToArray();

        Assert.True(problems.Length == 0, $"{string.Join('\n', problems)}\nThe list as found: {found}");
    }
}
