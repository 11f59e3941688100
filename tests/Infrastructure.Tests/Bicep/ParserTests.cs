using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep;

public sealed class ParserTests
{
    [Fact]
    public void Parse_EveryKindOfDeclaration_IsThere()
    {
        var file = Parser.Parse("x.bicep", """
            targetScope = 'subscription'
            import { a, b as c } from 'other.bicep' // a remark
            @description('One.')
            @minLength(2)
            param one string = 'x'
            param two 'left' | 'right'
            var three = [1, 2]
            type four = { five: int?, *: string }
            func six(seven string, eight int[]) string => seven
            resource nine 'A.B/c@2020-01-01' existing = { name: 'n' }
            resource ten 'A.B/c/d@2020-01-01' = if (empty(one)) { parent: nine }
            module eleven 'm.bicep' = [
              for (item, i) in three: {
                params: { x: i }
              }
            ]
            /* more
               remarks */
            output twelve string = one
            """);

        Assert.Equal("subscription", file.Scope);
        Assert.Equal(
            ["Import a", "Import c", "Parameter one", "Parameter two", "Variable three", "TypeDeclaration four", "Function six", "Resource nine", "Resource ten", "Module eleven", "Output twelve"],
            file.Declarations.Select(each => $"{each.GetType().Name} {each.Name}"));
        Assert.Equal("One.", file.Find("one")!.Description);
        Assert.Equal(3, file.Find("one")!.Line - 2);
        Assert.True(((Resource)file.Find("nine")!).IsExisting);
        Assert.IsType<CallExpression>(((Resource)file.Find("ten")!).Condition);
        Assert.Equal(("item", "i"), (((Module)file.Find("eleven")!).Loop!.Item, ((Module)file.Find("eleven")!).Loop!.Index));
    }

    [Theory]
    [InlineData("1 + 2 * 3", "(1 + (2 * 3))")]
    [InlineData("(1 + 2) * 3", "((1 + 2) * 3)")]
    [InlineData("a ?? b == c", "(a ?? (b == c))")]
    [InlineData("!a && b || c", "(((!a) && b) || c)")]
    [InlineData("a ? b : c ? d : e", "(a ? b : (c ? d : e))")]
    [InlineData("a.b[0]!.?c[?d]", "a.b[0]!.?c[?d]")]
    [InlineData("f(a, x => x.y)", "f(a, (x => x.y))")]
    [InlineData("f((x, y) => x)", "f((x, y => x))")]
    [InlineData("'a${b.c}d${'e${f}'}'", "<a|b.c|d|<e|f>>")]
    [InlineData("'it\\'s \\${no hole}\\n'", "\"it's ${no hole}\n\"")]
    [InlineData("'''raw ${x} \\n'''", "\"raw ${x} \\n\"")]
    [InlineData("{ a: 1, 'b-c': [2], ...d }", "{a: 1, b-c: [2], ...d}")]
    [InlineData("[for x in y: { z: x }]", "[for x in y: {z: x}]")]
    [InlineData("a\n  ? b\n  : c", "(a ? b : c)")]
    [InlineData("-1", "(-1)")]
    public void Parse_Value_BindsAsTheLanguageDoes(string text, string expected) =>
        Assert.Equal(expected, Show(((Variable)Parser.Parse("x.bicep", $"var v = {text}").Declarations.Single()).Value));

    [Theory]
    [InlineData("var v = 'open", "a text is not closed")]
    [InlineData("var v = 'a${b'", "a text is not closed")]
    [InlineData("var v = '''open", "a text is not closed")]
    [InlineData("/* open", "a comment is not closed")]
    [InlineData("var v = 'a\\q'", "'\\q' is no escape")]
    [InlineData("var v = {", "the name of a property was expected")]
    [InlineData("var v = { a 1 }", "':' was expected")]
    [InlineData("var v = [1 2]", "',', a new line or ']' was expected")]
    [InlineData("var v = f(1", "',', a new line or ')' was expected")]
    [InlineData("var v = 1 var w = 2", "the end of the line was expected")]
    [InlineData("var = 1", "a name was expected")]
    [InlineData("assert a = true", "'assert' begins no declaration")]
    [InlineData("resource r 'A.B/c' = {}", "names no API version")]
    [InlineData("resource r 'A.B/${x}@1' = {}", "a text without holes was expected")]
    [InlineData("#disable-next-line x", "'#' begins nothing")]
    [InlineData("param p string =", "a value was expected")]
    public void Parse_Wrong_IsRefusedByLine(string text, string expected)
    {
        var failure = Assert.Throws<BicepSyntaxException>(() => Parser.Parse("x.bicep", "\n\n" + text));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, failure.Line);
    }

    private static string Show(Expression expression) => expression switch
    {
        LiteralExpression { Value: string text } => $"\"{text}\"",
        LiteralExpression { Value: null } => "null",
        LiteralExpression literal => $"{literal.Value}",
        NameExpression name => name.Name,
        TextExpression text => $"<{string.Join('|', text.Parts.Select(part => part is LiteralExpression { Value: string words } ? words : Show(part)))}>",
        MemberExpression member => $"{Show(member.Target)}.{(member.IsSafe ? "?" : "")}{member.Member}",
        IndexExpression index => $"{Show(index.Target)}[{(index.IsSafe ? "?" : "")}{Show(index.Index)}]",
        AssertedExpression asserted => $"{Show(asserted.Operand)}!",
        UnaryExpression unary => $"({unary.Operator}{Show(unary.Operand)})",
        BinaryExpression binary => $"({Show(binary.Left)} {binary.Operator} {Show(binary.Right)})",
        ChoiceExpression choice => $"({Show(choice.Condition)} ? {Show(choice.Yes)} : {Show(choice.No)})",
        CallExpression call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Show))})",
        LambdaExpression lambda => $"({string.Join(", ", lambda.Parameters)} => {Show(lambda.Body)})",
        ArrayExpression array => $"[{string.Join(", ", array.Items.Select(Show))}]",
        ObjectExpression properties => $"{{{string.Join(", ", properties.Properties.Select(property => property.Key is null ? $"...{Show(property.Value)}" : $"{property.Name}: {Show(property.Value)}"))}}}",
        LoopExpression loop => $"[for {loop.Item} in {Show(loop.Source)}: {Show(loop.Body)}]",
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };
}
