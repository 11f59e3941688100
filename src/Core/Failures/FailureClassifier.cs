namespace Headgate.Core.Failures;

/// <summary>First matching rule wins: by error code, then by text, then by exit code. No match is said, not guessed.</summary>
public static class FailureClassifier
{
    /// <summary>Longer text costs time and adds nothing: what went wrong stands at its start.</summary>
    public const int TextLimit = 8192;

    public static FailureClass Classify(FailureEvidence evidence) => Match(evidence)?.Class ?? FailureClass.Unknown;

    /// <summary>The rule that decides, or null where none does.</summary>
    public static FailureRule? Match(FailureEvidence evidence)
    {
        if (!string.IsNullOrEmpty(evidence.ErrorCode) && FirstBy(rule => rule.MatchesCode(evidence.ErrorCode)) is { } byCode)
            return byCode;

        if (!string.IsNullOrEmpty(evidence.Text))
        {
            var text = evidence.Text.AsSpan(0, Math.Min(evidence.Text.Length, TextLimit));
            foreach (var rule in FailureRules.Ordered)
            {
                if (rule.MatchesText(text))
                    return rule;
            }
        }

        return evidence.ExitCode is { } exitCode ? FirstBy(rule => rule.MatchesExitCode(exitCode)) : null;
    }

    private static FailureRule? FirstBy(Func<FailureRule, bool> matches)
    {
        foreach (var rule in FailureRules.Ordered)
        {
            if (matches(rule))
                return rule;
        }

        return null;
    }
}
