using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

internal static class JsonKit
{
    public static string[] Fields(this JsonNode? node) => [.. node!.AsObject().Select(field => field.Key)];

    public static DateTimeOffset Time(this JsonNode? node)
    {
        var text = (string)node!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", text);
        return DateTimeOffset.Parse(text);
    }
}
