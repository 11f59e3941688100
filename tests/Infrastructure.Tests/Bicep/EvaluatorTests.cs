using System.Text.Json;
using Headgate.Infrastructure.Tests.Bicep.Evaluation;

namespace Headgate.Infrastructure.Tests.Bicep;

public sealed class EvaluatorTests
{
    [Theory]
    [InlineData("1 + 2 * 3 - 4 / 2 % 2", "7")]
    [InlineData("'a${1 + 1}b${true}'", "\"a2btrue\"")]
    [InlineData("null ?? 'x'", "\"x\"")]
    [InlineData("{ a: { b: 5 } }.a.b", "5")]
    [InlineData("{ a: 1 }.?b ?? 2", "2")]
    [InlineData("{ a: 1 }[?'b'] ?? 3", "3")]
    [InlineData("{ ...{ a: 1, b: 2 }, b: 3 }", "{\"a\":1,\"b\":3}")]
    [InlineData("[for (x, i) in ['p', 'q']: '${i}${x}']", "[\"0p\",\"1q\"]")]
    [InlineData("join(map(items({ b: 2, a: 1 }), pair => '${pair.key}=${pair.value}'), ';')", "\"a=1;b=2\"")]
    [InlineData("filter([1, 2, 3], x => x > 1 && x != 3)", "[2]")]
    [InlineData("contains(['a', 'b'], 'b') ? max(1, 5, 3) : 0", "5")]
    [InlineData("twice(twice('x'))", "\"xxxx\"")]
    [InlineData("imported(2)", "40")]
    [InlineData("loadJsonContent('data.json').rules[1].id", "\"two\"")]
    [InlineData("map(filter(loadJsonContent('data.json').rules, rule => rule.kind == 'gauge'), rule => rule.limit + 1)", "[6,8]")]
    [InlineData("child.outputs.greeting", "\"hello dev, 3\"")]
    [InlineData("'${thing.id}/x'", "\"\\u003Cthing.id\\u003E/x\"")]
    [InlineData("thing.name", "\"thing-dev\"")]
    [InlineData("split(thing.properties.address, ':')[0]", "{\"Text\":\"thing.properties.address[0]\"}")]
    public void Evaluate_Value_AsTheLanguageSays(string text, string expected) => Assert.Equal(expected, JsonSerializer.Serialize(Deploy(text).Outputs["result"]));

    [Theory]
    [InlineData("{ a: 1 }.b", "There is no 'b'")]
    [InlineData("nothing", "'nothing' is not declared")]
    [InlineData("off.outputs.greeting", "A module that is not deployed is asked")]
    [InlineData("thing.id == 'x'", "What only Azure knows is compared")]
    [InlineData("environmentless('x')", "is not known here")]
    [InlineData("{ a: null }.a!", "is null")]
    public void Evaluate_WithoutValue_IsRefused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<EvaluationException>(() => Deploy(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deploy_LoopsAndConditions_GiveTheirTurns()
    {
        var deployment = Deploy("1");

        Assert.Equal(["many-a", "many-b"], deployment.All("A.B/many").Select(resource => resource.Name));
        Assert.Equal(["thing-dev"], deployment.All("A.B/thing").Select(resource => resource.Name));
        Assert.Empty(deployment.All("A.B/never"));
        Assert.Equal(["child"], deployment.All("A.B/child").Select(resource => resource.Name));
    }

    [Theory]
    [InlineData("param size int = 3", "param size int = 30")]
    [InlineData("  name: 'child'\n", "  name: missing.name\n")]
    public void Deploy_ValueThatDoesNotFit_IsRefused(string from, string to) =>
        Assert.Throws<EvaluationException>(() => Deployment.Of(Sources("1").Changed("child.bicep", from, to), "dev.bicepparam"));

    private static Deployment Deploy(string value) => Deployment.Of(Sources(value), "dev.bicepparam");

    private static BicepSources Sources(string value) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["dev.bicepparam"] = "using 'main.bicep'\nparam name = readEnvironmentVariable('NAME', 'dev')\n",
        ["data.json"] = """{ "rules": [{ "id": "one", "kind": "gauge", "limit": 5 }, { "id": "two", "kind": "gauge", "limit": 7 }, { "id": "three", "kind": "count", "limit": 9 }] }""",
        ["functions.bicep"] = "func inner(x int) int => x * 10\n@export()\nfunc imported(x int) int => inner(x) * 2\n",
        ["child.bicep"] = """
            param name string
            @minValue(1)
            @maxValue(9)
            param size int = 3
            resource child 'A.B/child@1' = {
              name: 'child'
            }
            output greeting string = 'hello ${name}, ${size}'
            """,
        ["main.bicep"] = $$"""
            import { imported } from 'functions.bicep'
            param name string
            func twice(x string) string => '${x}${x}'
            resource thing 'A.B/thing@1' = {
              name: 'thing-${name}'
            }
            resource many 'A.B/many@1' = [
              for each in ['a', 'b']: {
                name: 'many-${each}'
              }
            ]
            resource never 'A.B/never@1' = if (name == 'other') {
              name: 'never'
            }
            module child 'child.bicep' = {
              params: { name: name }
            }
            module off 'child.bicep' = if (false) {
              params: { name: name }
            }
            output result string = {{value}}
            """,
    });
}
