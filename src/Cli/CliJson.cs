using System.Text.Json.Serialization;

namespace Headgate.Cli;

/// <param name="Service">The address that the key is for.</param>
internal sealed record Credentials(string Service, string Key);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Credentials))]
internal sealed partial class CliJson : JsonSerializerContext;
