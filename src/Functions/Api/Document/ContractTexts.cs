using System.Reflection;
using System.Xml.Linq;

namespace Headgate.Functions.Api.Document;

/// <summary>What the sources say of the contracts, from the file that the compiler makes of their comments.</summary>
internal sealed class ContractTexts
{
    private readonly Dictionary<string, XElement> _members;

    private ContractTexts(XDocument file) =>
        _members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public static ContractTexts Read()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("contracts.xml") ?? throw new InvalidOperationException("The contracts' comments are missing.");
        return new(XDocument.Load(file));
    }

    /// <summary>Null where nothing is said.</summary>
    public string? OfType(Type type) => Text(Member(type)?.Element("summary"));

    /// <param name="property">As it is declared.</param>
    public string? OfField(Type type, string property) =>
        Text(Member(type)?.Elements("param").FirstOrDefault(each => each.Attribute("name")?.Value == property))
        ?? Text(_members.GetValueOrDefault($"P:{NameOf(type)}.{property}")?.Element("summary"));

    private XElement? Member(Type type) => _members.GetValueOrDefault($"T:{NameOf(type)}");

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element) =>
        element is null ? null : string.Join(' ', string.Concat(element.Nodes().Select(Text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } field => $"`{Lower(field.Attribute("name")!.Value)}`",
        XElement { Name.LocalName: "see" } other => $"`{other.Attribute("cref")!.Value.Split('.', ':')[^1]}`",
        XElement other => other.Value,
        _ => "",
    };

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
