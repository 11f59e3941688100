namespace Headgate.Core.Failures;

/// <summary>Classifies a failure by the first matching rule: by error code, then by text, then by exit code.</summary>
public static class FailureClassifier
{
    /// <summary>Characters of text that are searched: the cause mostly stands at the start.</summary>
    public const int TextLimit = 8192;

    public static FailureClass Classify(FailureEvidence evidence) => Match(evidence)?.Class ?? FailureClass.Unknown;

    /// <summary>The first matching rule; null if none matches.</summary>
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
