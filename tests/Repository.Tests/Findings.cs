namespace Headgate.Repository.Tests;

/// <summary>Fails a test with every breach of a rule at once, one a line.</summary>
internal static class Findings
{
    public static void None(string rule, IEnumerable<string> breaches)
    {
        var list = breaches.ToList();
        Assert.True(list.Count == 0, $"{rule}\n  {string.Join("\n  ", list)}");
    }
}
