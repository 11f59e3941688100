using Headgate.Core.Failures;

namespace Headgate.Core.Tests.Failures;

/// <summary>Nothing in the list is dead, duplicate or misspelt.</summary>
public sealed class FailureRulesTests
{
    [Fact]
    public void Ordered_EveryPhraseAlone_IsDecidedByItsOwnClass() =>
        Assert.All(
            FailureRules.Ordered.SelectMany(rule => rule.Phrases, (rule, phrase) => (rule.Class, Phrase: phrase)),
            line => Assert.Equal((line.Phrase, line.Class), (line.Phrase, FailureClassifier.Classify(new FailureEvidence(Text: line.Phrase)))));

    [Fact]
    public void Ordered_EveryCodeAlone_IsDecidedByItsOwnClass() =>
        Assert.All(
            FailureRules.Ordered.SelectMany(rule => rule.Codes, (rule, code) => (rule.Class, Code: code)),
            line =>
            {
                Assert.Equal((line.Code, line.Class), (line.Code, FailureClassifier.Classify(new FailureEvidence(ErrorCode: line.Code))));
                Assert.Equal((line.Code, line.Class), (line.Code, FailureClassifier.Classify(new FailureEvidence(Text: $"failed ({line.Code})"))));
            });

    [Fact]
    public void Ordered_CodesAndExitCodes_AreUnique()
    {
        Assert.Equal([], Doubled(FailureRules.Ordered.SelectMany(rule => rule.Codes)));
        Assert.Equal([], Doubled(FailureRules.Ordered.SelectMany(rule => rule.ExitCodes)));
        Assert.Equal([], Doubled(FailureRules.Ordered.SelectMany(rule => rule.Phrases)));
        Assert.Equal([], Doubled(FailureRules.Ordered.Select(rule => rule.Name)));
    }

    [Fact]
    public void Ordered_EveryRule_HasANameAndPhrasesOfAtMostOneGap()
    {
        Assert.All(FailureRules.Ordered, rule => Assert.NotEmpty(rule.Name));
        Assert.All(FailureRules.Ordered.SelectMany(rule => rule.Phrases), phrase => Assert.True(phrase.Count(character => character == '…') <= 1 && phrase[0] != '…', phrase));
    }

    [Fact]
    public void Ordered_Spelling_IsLowerForPhrasesAndUpperForCodes()
    {
        Assert.All(FailureRules.Ordered.SelectMany(rule => rule.Phrases), phrase => Assert.Equal(phrase.Trim().ToLowerInvariant(), phrase));
        Assert.All(FailureRules.Ordered.SelectMany(rule => rule.Codes), code => Assert.Equal(code.Trim().ToUpperInvariant(), code));
    }

    [Fact]
    public void Ordered_ExitCodeZero_IsNoFailure() =>
        Assert.DoesNotContain(FailureRules.Ordered, rule => rule.MatchesExitCode(0));

    private static IEnumerable<T> Doubled<T>(IEnumerable<T> values) =>
        values.GroupBy(value => value).Where(same => same.Count() > 1).Select(same => same.Key);
}
