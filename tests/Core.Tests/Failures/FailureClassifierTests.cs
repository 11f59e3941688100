using Headgate.Core.Failures;

namespace Headgate.Core.Tests.Failures;

public sealed class FailureClassifierTests
{
    public static TheoryData<string?, string?, int?, string> Table
    {
        get
        {
            var table = new TheoryData<string?, string?, int?, string>();
            foreach (var line in Golden.Read<Line>("Failures/Golden/classes.json"))
                table.Add(line.Text, line.Code, line.ExitCode, line.Class);
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Classify_Evidence_AsTheTableSays(string? text, string? code, int? exitCode, string expected) =>
        Assert.Equal(expected, FailureClassifier.Classify(new FailureEvidence(exitCode, code, text)).WireName());

    [Theory]
    [InlineData("PERMISSION DENIED")]
    [InlineData("Permission Denied (publickey)")]
    public void Classify_TextInAnyCase_Matches(string text) =>
        Assert.Equal(FailureClass.Auth, FailureClassifier.Classify(new FailureEvidence(Text: text)));

    [Theory]
    [InlineData("EPERMITTED is a made-up word")]
    [InlineData("MYENOENT")]
    [InlineData("ENOENT_2")]
    public void Classify_CodeInsideAWord_IsNoMatch(string text) =>
        Assert.Equal(FailureClass.Unknown, FailureClassifier.Classify(new FailureEvidence(Text: text)));

    [Theory]
    [InlineData("ENOENT")]
    [InlineData("(ENOENT)")]
    [InlineData("MYENOENT, then ENOENT: '/a'")]
    public void Classify_CodeAsAWord_Matches(string text) =>
        Assert.Equal(FailureClass.Permanent, FailureClassifier.Classify(new FailureEvidence(Text: text)));

    [Fact]
    public void Classify_TextPastTheLimit_IsNotLookedAt()
    {
        var before = new string('.', FailureClassifier.TextLimit - 17) + "permission denied";
        var past = new string('.', FailureClassifier.TextLimit - 16) + "permission denied";

        Assert.Equal(FailureClass.Auth, FailureClassifier.Classify(new FailureEvidence(Text: before)));
        Assert.Equal(FailureClass.Unknown, FailureClassifier.Classify(new FailureEvidence(Text: past)));
    }

    [Fact]
    public void Match_NothingKnown_SaysSo()
    {
        Assert.Null(FailureClassifier.Match(new FailureEvidence(1, "E_ODD", "odd")));
        Assert.Equal("locked", FailureClassifier.Match(new FailureEvidence(Text: "already locked"))?.Name);
    }

    private sealed record Line(string Class, string? Text = null, string? Code = null, int? ExitCode = null, string? Why = null);
}
