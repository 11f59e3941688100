using Headgate.Core.Identity;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class HttpFunctionTests
{
    /// <summary>Load balancers and uptime monitors send HEAD; the methods that an attribute lists decide in Azure.</summary>
    [Fact]
    public void Methods_OfEveryFunction_HaveHeadWhereverTheyHaveGet() =>
        Assert.All(HttpFunction.OfTheApp(), function => Assert.Equal(function.Verbs.Contains("get"), function.Verbs.Contains("head")));

    /// <summary>
    /// Where a fixed path and one with a parameter answer the same request, the fixed one must win on both hosts: the web server prefers it,
    /// and the Functions host takes the first by name. And no id may be that fixed word, or what it names could never be asked for.
    /// </summary>
    [Fact]
    public void Routes_ThatTakeTheSamePath_LeadToTheFixedOneWhichIsNobodysId()
    {
        var functions = HttpFunction.OfTheApp().Where(function => !function.AnswersTheRest).ToList();
        var overlaps =
            (from fixedOne in functions
             from open in functions
             where fixedOne.Verbs.Intersect(open.Verbs).Any()
             let words = WordsInPlaceOfParameters(fixedOne.Path.Split('/'), open.Path.Split('/'))
             where words is { Count: > 0 }
             select (Fixed: fixedOne, Open: open, Words: words)).ToList();

        Assert.Contains(overlaps, overlap => overlap.Fixed.Path == "/agents/summary");
        Assert.All(overlaps, overlap =>
        {
            Assert.True(string.CompareOrdinal(overlap.Fixed.Name, overlap.Open.Name) < 0, $"{overlap.Fixed.Name} must come before {overlap.Open.Name}.");
            Assert.All(overlap.Words, pair => Assert.False(CanBe(pair.Parameter, pair.Word), $"'{pair.Word}' can be a {pair.Parameter}."));
        });
    }

    /// <summary>The fixed words that stand where the other path has a parameter; null where the two take no path in common.</summary>
    private static List<(string Parameter, string Word)>? WordsInPlaceOfParameters(string[] fixedOne, string[] open)
    {
        var words = new List<(string, string)>();
        if (fixedOne.Length != open.Length)
            return null;
        foreach (var (word, other) in fixedOne.Zip(open))
        {
            if (other.StartsWith('{') && !word.StartsWith('{'))
                words.Add((other.Trim('{', '}'), word));
            else if (word != other && !(word.StartsWith('{') && other.StartsWith('{')))
                return null;
        }

        return words;
    }

    private static bool CanBe(string parameter, string word) => parameter switch
    {
        "agentId" => AgentIds.IsWellFormed(word),
        "runId" => RunId.IsWellFormed(word),
        _ => true,
    };

    [Theory]
    [InlineData("health", "/health", false)]
    [InlineData("tenants/{tenantId}/runs", "/tenants/{tenantId}/runs", false)]
    [InlineData("{ignored:maxlength(0)?}", "/", false)]
    [InlineData("{*path}", "/{*path}", true)]
    [InlineData("files/{*path}", "/files/{*path}", true)]
    public void Path_OfARoute_IsAsCallersWriteIt(string route, string path, bool answersTheRest)
    {
        var function = new HttpFunction("F", route, ["get"], typeof(HttpFunctionTests).GetMethods()[0]);

        Assert.Equal((path, answersTheRest), (function.Path, function.AnswersTheRest));
    }
}
