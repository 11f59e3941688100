using System.Text.RegularExpressions;

namespace Headgate.Infrastructure.Tests.Deployed;

/// <summary>
/// Values that only Azure knows stay expressions in a snapshot, in brackets. Here an output of a module reads as <c>&lt;module.output&gt;</c>,
/// alone or amid the text that is put around it; any other expression stays as it is.
/// </summary>
internal static partial class RuntimeValue
{
    public static string Readable(string value)
    {
        if (!value.StartsWith('[') || value.StartsWith("[[", StringComparison.Ordinal))
            return value;
        var named = Output().Replace(value[1..^1], "<${module}.${output}>");
        if (Format().Match(named) is not { Success: true } format)
            return named.StartsWith('<') ? named : $"[{named}]";
        var arguments = format.Groups["argument"].Captures;
        return Hole().Replace(format.Groups["text"].Value, hole => arguments[int.Parse(hole.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)].Value).Replace("''", "'", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"reference\(resourceId\('[^']*', '[^']*', 'Microsoft\.Resources/deployments', format\('(?<module>\w+)-\{0\}'.*?'[0-9-]+'\)\.outputs\.(?<output>\w+)\.value", RegexOptions.ExplicitCapture)]
    private static partial Regex Output();

    [GeneratedRegex(@"^format\('(?<text>([^']|'')*)'(, (?<argument><[\w.]+>))+\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Format();

    [GeneratedRegex(@"\{(?<number>[0-9]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Hole();
}
