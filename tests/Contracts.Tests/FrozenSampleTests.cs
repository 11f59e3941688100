using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Headgate.Contracts.Tests;

/// <summary>
/// The promised wire format. A file in Frozen is never edited to make a test pass: callers and agents of other versions rely on it. A
/// new optional field is added to value and file together.
/// </summary>
public sealed class FrozenSampleTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_Sample_IsTheFrozenText(string name) =>
        Assert.Equal(Frozen(name), Indented(Write(Samples.All[name])));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_FrozenText_LosesNothing(string name) =>
        Assert.Equal(Frozen(name), Indented(Write(Read(name, Frozen(name)))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_FieldsOfALaterVersion_AreIgnored(string name)
    {
        var body = JsonNode.Parse(Frozen(name))!.AsObject();
        body.Insert(0, "fieldOfALaterVersion", new JsonObject { ["a"] = new JsonArray(1, "two", null) });

        Assert.Equal(Frozen(name), Indented(Write(Read(name, body.ToJsonString()))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_NullsLeftOut_ReadAsNull(string name)
    {
        var body = JsonNode.Parse(Frozen(name))!.AsObject();
        foreach (var absent in body.Where(field => field.Value is null).Select(field => field.Key).ToList())
            body.Remove(absent);

        Assert.Equal(Frozen(name), Indented(Write(Read(name, body.ToJsonString()))));
    }

    [Fact]
    public void Samples_OfEveryRegisteredShape_Exist() =>
        Assert.Equal(
            typeof(ContractJson).GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
                .Select(attribute => ((Type)attribute.ConstructorArguments[0].Value!).ToString())
                .Order(StringComparer.Ordinal),
            Samples.All.Values.Select(sample => sample.GetType().ToString()).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Names_OfEveryField_AreCamelCase() =>
        Assert.All(Samples.All.Keys.SelectMany(name => FieldsOf(JsonNode.Parse(Frozen(name)))), field => Assert.Matches("^[a-z][A-Za-z]*$", field));

    private static IEnumerable<string> FieldsOf(JsonNode? node) => node switch
    {
        JsonObject body => body.SelectMany(field => FieldsOf(field.Value).Prepend(field.Key)),
        JsonArray list => list.SelectMany(FieldsOf),
        _ => [],
    };

    private static string Write(object sample) => JsonSerializer.Serialize(sample, ContractJson.Default.GetTypeInfo(sample.GetType())!);

    private static object Read(string name, string json) => JsonSerializer.Deserialize(json, ContractJson.Default.GetTypeInfo(Samples.All[name].GetType())!)!;

    private static string Indented(string json) => JsonNode.Parse(json)!.ToJsonString(Readable) + "\n";

    private static string Frozen(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Frozen", name + ".json"));
}
