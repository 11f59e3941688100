namespace Headgate.Load.Figures;

/// <summary>So many of a thing, in words.</summary>
internal static class Count
{
    public static string Of(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
