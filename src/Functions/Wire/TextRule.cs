using Headgate.Core.Identity;

namespace Headgate.Functions.Wire;

/// <summary>What a text must look like, and the sentence that says so.</summary>
/// <param name="Allows">Whether the text keeps the rule.</param>
/// <param name="Message">Reads after the field's path.</param>
public sealed record TextRule(TextRule.Test Allows, string Message)
{
    public delegate bool Test(ReadOnlySpan<char> text);

    public static readonly TextRule TenantId = new(Grammar.IsTenantId, "must be 1..63 of a-z, 0-9 and '-', not starting with '-'");

    public static readonly TextRule TaskName = new(Grammar.IsTaskName, "must be 1..64 of A-Z, a-z, 0-9, '_' and '-', starting with a letter or digit");

    public static readonly TextRule PolicyName = new(Grammar.IsPolicyName, TaskName.Message);

    public static readonly TextRule DisplayName = new(Grammar.IsDisplayName, "must be 1..100 characters without control characters");

    public static readonly TextRule TaskType = new(Grammar.IsTaskType, "must be 1..32 of a-z, 0-9 and '-', starting with a letter");

    /// <summary>Any text without control characters, 1 to <paramref name="max"/> characters.</summary>
    public static TextRule Plain(int max) =>
        new(text => text.Length > 0 && text.Length <= max && Grammar.IsPlainText(text), $"must be 1..{max} characters without control characters");

    /// <summary>Any text, line breaks included, up to <paramref name="max"/> characters.</summary>
    public static TextRule Free(int max) => new(text => text.Length <= max, $"must be at most {max} characters");

    /// <summary>One of a few words.</summary>
    public static TextRule OneOf(params string[] words) =>
        new(text => Contains(words, text), $"must be one of {string.Join(", ", words)}");

    private static bool Contains(string[] words, ReadOnlySpan<char> text)
    {
        foreach (var word in words)
        {
            if (text.SequenceEqual(word))
                return true;
        }

        return false;
    }
}
