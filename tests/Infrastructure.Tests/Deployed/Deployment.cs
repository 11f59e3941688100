using System.Globalization;
using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Deployed;

/// <summary>A resource of a snapshot.</summary>
internal sealed class DeployedResource(JsonElement body)
{
    public string Id => this["id"]!;

    public string Type => this["type"]!;

    /// <summary>Without the names of its parents.</summary>
    public string Name => this["name"]!.Split('/')[^1];

    /// <summary>
    /// The value at a path of members, as text: a number counts into an array, <c>a.0.b</c>; null where nothing is or null.
    /// What only Azure knows reads as <see cref="RuntimeValue"/> tells.
    /// </summary>
    public string? this[string path] => At(path) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => RuntimeValue.Readable(text.GetString()!),
        { } other => other.GetRawText(),
    };

    /// <summary>Members of the object at a path, as texts.</summary>
    public IReadOnlyDictionary<string, string> Members(string path) =>
        At(path)!.Value.EnumerateObject().ToDictionary(member => member.Name, member => RuntimeValue.Readable(member.Value.GetString()!), StringComparer.Ordinal);

    private JsonElement? At(string path)
    {
        var at = body;
        foreach (var step in path.Split('.'))
        {
            if (at.ValueKind == JsonValueKind.Array)
            {
                var index = int.Parse(step, CultureInfo.InvariantCulture);
                if (index >= at.GetArrayLength())
                    return null;
                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }

        return at;
    }
}

/// <summary>What a parameter file deploys.</summary>
internal sealed class Deployment
{
    private Deployment(JsonElement snapshot)
    {
        Resources = [.. snapshot.GetProperty("predictedResources").EnumerateArray().Select(each => new DeployedResource(each))];
        Outputs = [.. snapshot.GetProperty("outputs").EnumerateObject().Select(output => output.Name)];
    }

    public IReadOnlyList<DeployedResource> Resources { get; }

    public IReadOnlyList<string> Outputs { get; }

    public static Deployment Parse(string snapshot) => new(JsonElement.Parse(snapshot));

    public IEnumerable<DeployedResource> All(string type) => Resources.Where(resource => resource.Type == type);

    public DeployedResource Single(string type) => All(type).Single();
}
