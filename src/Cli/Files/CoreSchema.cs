using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headgate.Cli.Files;

/// <summary>What a scalar means: the core schema of YAML 1.2, section 10.3.2. Numbers keep all of their digits.</summary>
internal static partial class CoreSchema
{
    // Longer ones are mistakes, and take the square of their length to turn into decimal digits.
    private const int MaxDigits = 64;

    /// <param name="scalar">As it stands in the file.</param>
    /// <param name="refuse">Makes the refusal of its place.</param>
    /// <returns>Null for null.</returns>
    public static JsonNode? Value(YamlScalarNode scalar, Func<string, UsageException> refuse)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        return text switch
        {
            "" or "null" or "Null" or "NULL" or "~" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" or ".nan" or ".NaN" or ".NAN" =>
                throw refuse($"'{text}' has no counterpart in JSON; put it in quotes if a string is meant."),
            _ => Decimal(text) ?? OfBase(text, "0o", 8, refuse) ?? OfBase(text, "0x", 16, refuse) ?? JsonValue.Create(text),
        };
    }

    // JSON has no plus before a number, no zeros before its digits, and digits on both sides of its point.
    private static JsonNode? Decimal(string text)
    {
        if (Number().Match(text) is not { Success: true } number)
            return null;
        var whole = number.Groups["whole"].Value.TrimStart('0');
        var part = number.Groups["part"].Value;
        var sign = number.Groups["sign"].Value == "-" ? "-" : "";
        return JsonNode.Parse($"{sign}{(whole.Length == 0 ? "0" : whole)}{(part.Length == 0 ? "" : "." + part)}{number.Groups["exponent"].Value}");
    }

    private static JsonNode? OfBase(string text, string prefix, uint radix, Func<string, UsageException> refuse)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal) || text.Length == prefix.Length || !text.Skip(prefix.Length).All(digit => Digit(digit) < radix))
            return null;
        if (text.Length > MaxDigits)
            throw refuse($"a number has more than {MaxDigits} digits.");
        var value = text.Skip(prefix.Length).Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Digit(digit));
        return JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture));
    }

    private static uint Digit(char digit) => char.IsAsciiHexDigit(digit) ? Convert.ToUInt32(digit.ToString(), 16) : uint.MaxValue;

    [GeneratedRegex("^(?<sign>[-+]?)((?<whole>[0-9]+)(\\.(?<part>[0-9]*))?|\\.(?<part>[0-9]+))(?<exponent>([eE][-+]?[0-9]+)?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
