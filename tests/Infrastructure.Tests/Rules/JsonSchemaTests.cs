using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Rules;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{ "type": "object", "required": ["a"], "additionalProperties": false, "properties": { "a": { "type": "string" } } }""", """{ "a": "x" }""", "")]
    [InlineData("""{ "type": "object", "required": ["a"] }""", """{}""", "$ lacks 'a'")]
    [InlineData("""{ "additionalProperties": false, "properties": {} }""", """{ "b": 1 }""", "$ has an unknown 'b'")]
    [InlineData("""{ "additionalProperties": { "type": "integer" } }""", """{ "b": "x" }""", "$.b is no integer")]
    [InlineData("""{ "items": { "enum": [1, 2] } }""", """[1, 3]""", "$[1] is none of [1, 2]")]
    [InlineData("""{ "pattern": "^a+$" }""", "\"ab\"", "$ does not match ^a+$")]
    [InlineData("""{ "minimum": 0 }""", "-1", "$ is less than 0")]
    [InlineData("""{ "minLength": 1, "maxLength": 2 }""", "\"abc\"", "$ is too long")]
    [InlineData("""{ "$ref": "#/$defs/n", "$defs": { "n": { "const": 4 } } }""", "5", "$ is not 4")]
    [InlineData("""{ "oneOf": [{ "type": "string" }, { "type": "array" }] }""", "5", "$ fits not exactly one of its shapes")]
    [InlineData("""{ "oneOf": [{ "minimum": 1 }, { "minimum": 2 }] }""", "5", "$ fits not exactly one of its shapes")]
    [InlineData("""{ "minItems": 1 }""", "[]", "$ has too few items")]
    public void Check_Value_NamesWhatIsWrong(string schema, string value, string expected) =>
        Assert.Equal(expected, string.Join('\n', new JsonSchema(JsonElement.Parse(schema)).Check(JsonElement.Parse(value))));

    [Fact]
    public void Check_UnknownKeyword_IsNotPassedOver() =>
        Assert.Throws<NotSupportedException>(() => new JsonSchema(JsonElement.Parse("""{ "maxProperties": 1 }""")).Check(JsonElement.Parse("{}")));
}
