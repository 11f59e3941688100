using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>What the compiler or its linter found.</summary>
/// <param name="Path">From the folder of the infrastructure.</param>
internal sealed record Diagnostic(string Path, int Line, string Level, string Code, string Message)
{
    public override string ToString() => $"{Path}({Line}): {Level} {Code}: {Message}";
}

/// <summary>What a file compiles to; nothing where there is an error.</summary>
internal sealed class Build(IReadOnlyList<Diagnostic> diagnostics, JsonElement? template, JsonElement? parameters)
{
    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    /// <summary>The ARM template.</summary>
    /// <exception cref="BicepException">There is none.</exception>
    public JsonElement Template => template ?? throw Failed();

    /// <summary>What a parameter file sets, by name.</summary>
    /// <exception cref="BicepException">There is none.</exception>
    public JsonElement Parameters => parameters?.GetProperty("parameters") ?? throw Failed();

    private BicepException Failed() => new($"The files do not compile:\n{string.Join('\n', diagnostics)}");
}

/// <summary>Compiles the files of one folder of infrastructure. Paths are from that folder.</summary>
internal sealed class BicepCompiler(BicepServers servers, string root)
{
    private const string Subscription = "00000000-0000-0000-0000-000000000000";

    /// <summary>What <c>bicep build</c> makes, with all that <c>bicep lint</c> says.</summary>
    public async Task<Build> BuildAsync(string path)
    {
        var answer = await servers.AskAsync("bicep/compile", new { path = Full(path) });
        return new Build(Diagnostics(answer), Json(answer, "contents"), null);
    }

    /// <summary>What <c>bicep build-params</c> makes, likewise.</summary>
    public async Task<Build> BuildParametersAsync(string path)
    {
        var answer = await servers.AskAsync("bicep/compileParams", new { path = Full(path), parameterOverrides = new { } });
        return new Build(Diagnostics(answer), Json(answer, "template"), Json(answer, "parameters"));
    }

    /// <summary>What <c>bicep snapshot</c> writes: the resources that a parameter file deploys, worked out as far as can be without Azure.</summary>
    /// <exception cref="BicepException">The files do not compile.</exception>
    public async Task<string> SnapshotAsync(string path)
    {
        var answer = await servers.AskAsync("bicep/getSnapshot", new { path = Full(path), metadata = new { subscriptionId = Subscription }, externalInputs = Array.Empty<object>() });
        return answer.GetProperty("snapshot").GetString()!;
    }

    /// <summary>All files that a file is made of.</summary>
    public async Task<IReadOnlyList<string>> ReferencesAsync(string path)
    {
        var answer = await servers.AskAsync("bicep/getFileReferences", new { path = Full(path) });
        return [.. answer.GetProperty("filePaths").EnumerateArray().Select(each => Short(each.GetString()!))];
    }

    private List<Diagnostic> Diagnostics(JsonElement answer) =>
        [.. answer.GetProperty("diagnostics").EnumerateArray().Select(each => new Diagnostic(
            Short(each.GetProperty("source").GetString()!),
            each.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32() + 1,
            each.GetProperty("level").GetString()!,
            each.GetProperty("code").GetString()!,
            each.GetProperty("message").GetString()!))];

    private static JsonElement? Json(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? JsonElement.Parse(text.GetString()!) : null;

    private string Full(string path) => Path.Combine(root, path);

    private string Short(string path) => Path.GetRelativePath(root, path);
}
