using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.Infrastructure.Tests.Deployed;

/// <summary>The snapshots in <c>Snapshots/</c>: what each parameter file deploys, kept so that a change shows all that it changes.</summary>
internal static class SnapshotFile
{
    private const string Folder = "tests/Infrastructure.Tests/Snapshots";
    private const string Renewal = "HEADGATE_RENEW_SNAPSHOTS";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Repository.Full(Folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static bool IsRenewing => Environment.GetEnvironmentVariable(Renewal) is { Length: > 0 };

    public static string NameOf(string parameterFile) => $"{parameterFile}.snapshot.json";

    public static void Write(string name, string snapshot) => File.WriteAllText(Repository.Full($"{Folder}/{name}"), snapshot);

    public static string Read(string name) => File.Exists(Repository.Full($"{Folder}/{name}")) ? Repository.Text($"{Folder}/{name}") : "";

    /// <summary>Outputs in the order of their names: the compiler's own differs from start to start.</summary>
    public static string InOrder(string snapshot)
    {
        var root = JsonNode.Parse(snapshot)!.AsObject();
        var outputs = root["outputs"]!.AsObject().OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())).ToList();
        root["outputs"] = new JsonObject(outputs);
        return root.ToJsonString(Indented) + "\n";
    }

    /// <returns>Where the kept snapshot first differs from the fresh one, and how to renew it; empty where it does not.</returns>
    public static string Difference(string name, string kept, string fresh)
    {
        if (kept == fresh)
            return "";
        var (old, now) = (kept.Split('\n'), fresh.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"""
            {Folder}/{name} is not what the files deploy now, from line {at + 1} on:
            - {old.ElementAtOrDefault(at)?.Trim()}
            + {now.ElementAtOrDefault(at)?.Trim()}
            If that is meant, renew the snapshots, look at the difference, and commit it with the change:
              {Renewal}=1 dotnet test tests/Infrastructure.Tests --filter SnapshotTests
            """;
    }
}
