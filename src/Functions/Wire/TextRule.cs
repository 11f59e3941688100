using Headgate.Core.Identity;

namespace Headgate.Functions.Wire;

/// <summary>What a text must look like, and the sentence that says so.</summary>
/// <param name="Allows">Whether the text keeps the rule.</param>
/// <param name="Message">Reads after the field's path.</param>
public sealed record TextRule(TextRule.Test Allows, string Message)
{
    public delegate bool Test(ReadOnlySpan<char> text);

    /// <summary>A text without control characters.</summary>
    public const string PlainPattern = @"^[^\u0000-\u001f\u007f-\u009f]*$";

    public static readonly TextRule TenantId =
        new(Grammar.IsTenantId, "must be 1..63 of a-z, 0-9 and '-', not starting with '-'") { Pattern = Grammar.TenantIdPattern };

    public static readonly TextRule TaskName =
        new(Grammar.IsTaskName, "must be 1..64 of A-Z, a-z, 0-9, '_' and '-', starting with a letter or digit") { Pattern = Grammar.TaskNamePattern };

    public static readonly TextRule PolicyName = TaskName;

    public static readonly TextRule DisplayName = new(Grammar.IsDisplayName, "must be 1..100 characters without control characters")
    {
        Pattern = PlainPattern,
        Length = (1, Grammar.MaxDisplayName),
    };

    public static readonly TextRule TaskType =
        new(Grammar.IsTaskType, "must be 1..32 of a-z, 0-9 and '-', starting with a letter") { Pattern = Grammar.TaskTypePattern };

    /// <summary>For the document of the calls: what it must match; null where words or lengths say all.</summary>
    public string? Pattern { get; init; }

    /// <summary>For the document of the calls: how long it is, at least and at most; null where the pattern says it.</summary>
    public (int Min, int Max)? Length { get; init; }

    /// <summary>For the document of the calls: all that it may be; null where there are more than a few.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Any text without control characters, 1 to <paramref name="max"/> characters.</summary>
    public static TextRule Plain(int max) =>
        new(text => text.Length > 0 && text.Length <= max && Grammar.IsPlainText(text), $"must be 1..{max} characters without control characters")
        {
            Pattern = PlainPattern,
            Length = (1, max),
        };

    /// <summary>Any text, line breaks included, up to <paramref name="max"/> characters.</summary>
    public static TextRule Free(int max) => new(text => text.Length <= max, $"must be at most {max} characters") { Length = (0, max) };

    /// <summary>One of a few words.</summary>
    public static TextRule OneOf(params string[] words) =>
        new(text => Contains(words, text), $"must be one of {string.Join(", ", words)}") { Words = words };

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
