using System.Buffers;

namespace Headgate.Core.Identity;

/// <summary>The grammar of names given from outside. Lengths count UTF-16 units.</summary>
public static class Grammar
{
    public const int MaxTenantId = 63;
    public const int MaxName = 64;
    public const int MaxDisplayName = 100;
    public const int MaxTaskType = 32;
    public const int MaxLabels = 20;
    public const int MaxLabelKey = 63;
    public const int MaxLabelValue = 128;
    public const int MaxIdempotencyKey = 255;
    public const int MaxSubject = 200;

    public const string TenantIdPattern = "^[a-z0-9][a-z0-9-]{0,62}$";
    public const string TaskNamePattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$";
    public const string TaskTypePattern = "^[a-z][a-z0-9-]{0,31}$";

    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    private static readonly SearchValues<char> LowerDigitsDash = SearchValues.Create(Lower + Digits + "-");
    private static readonly SearchValues<char> Word = SearchValues.Create(Lower + Upper + Digits + "_-");

    /// <summary><see cref="TenantIdPattern"/></summary>
    public static bool IsTenantId(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxTenantId && text[0] != '-' && !text.ContainsAnyExcept(LowerDigitsDash);

    /// <summary><see cref="TaskNamePattern"/></summary>
    public static bool IsTaskName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(text[0]) && !text.ContainsAnyExcept(Word);

    public static bool IsPolicyName(ReadOnlySpan<char> text) => IsTaskName(text);

    /// <summary>Names of runs, agents, keys and tenants: 1..100 characters of plain text.</summary>
    public static bool IsDisplayName(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxDisplayName && IsPlainText(text);

    /// <summary><see cref="TaskTypePattern"/></summary>
    public static bool IsTaskType(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxTaskType && char.IsAsciiLetterLower(text[0]) && !text.ContainsAnyExcept(LowerDigitsDash);

    public static bool IsLabelKey(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLabelKey && IsPlainText(text);

    /// <summary>May be empty.</summary>
    public static bool IsLabelValue(ReadOnlySpan<char> text) => text.Length <= MaxLabelValue && IsPlainText(text);

    /// <summary>A person's name at the issuer: 1..200 visible ASCII characters, none of <c>/ \ # ?</c>, so that it can be part of a row's key.</summary>
    public static bool IsSubject(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxSubject && !text.ContainsAnyExceptInRange('!', '~') && !text.ContainsAny("/\\#?");

    /// <summary>1..255 printable ASCII characters, including spaces.</summary>
    public static bool IsIdempotencyKey(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxIdempotencyKey && !text.ContainsAnyExceptInRange(' ', '~');

    /// <summary>No control characters and no unpaired surrogates; any length.</summary>
    public static bool IsPlainText(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
