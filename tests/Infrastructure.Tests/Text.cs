namespace Headgate.Infrastructure.Tests;

internal static class Text
{
    /// <summary>The text with one place changed, which must be there once.</summary>
    public static string Changed(string text, string from, string to)
    {
        Assert.Equal(2, text.Split(from).Length);
        return text.Replace(from, to, StringComparison.Ordinal);
    }
}
