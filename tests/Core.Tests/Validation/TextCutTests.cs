using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Identity;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Validation;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("abc", 3, "abc", "abc")]
    [InlineData("abc", 2, "ab", "bc")]
    [InlineData("abc", 0, "", "")]
    [InlineData("", 5, "", "")]
    [InlineData("a😀b", 2, "a", "b")]
    [InlineData("a😀b", 3, "a😀", "😀b")]
    [InlineData("😀", 1, "", "")]
    public void Cut_Text_AtBothEnds(string text, int most, string first, string last) =>
        Assert.Equal((first, last), (TextCut.First(text, most), TextCut.Last(text, most)));

    [Fact]
    public void Cut_AnyText_IsShortEnoughAndKeepsCharactersWhole() =>
        Prop.ForAll(
            Gen.Elements("a", "é", "😀", "𝒳").ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
            Gen.Choose(0, 20).ToArbitrary(),
            (text, most) =>
            {
                var (first, last) = (TextCut.First(text, most), TextCut.Last(text, most));
                return first.Length <= most && last.Length <= most && first.Length >= Math.Min(text.Length, most - 1) && last.Length >= Math.Min(text.Length, most - 1)
                    && text.StartsWith(first, StringComparison.Ordinal) && text.EndsWith(last, StringComparison.Ordinal)
                    && Grammar.IsPlainText(first) && Grammar.IsPlainText(last);
            }).QuickCheckThrowOnFailure();
}
