using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Load.Figures;
using Headgate.Load.Machine;

namespace Headgate.Load.Output;

/// <summary>Everything a run of the rig found.</summary>
/// <param name="Command">The arguments that make it again.</param>
/// <param name="Failures">Measures without a figure, and why.</param>
internal sealed record Report(Provenance Provenance, string Command, IReadOnlyList<Reading> Readings, IReadOnlyList<string> Failures)
{
    public void WriteJson(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, ReportJson.Default.Report) + "\n");

    public void WriteMarkdown(string path) => File.WriteAllText(path, $"""
        {Provenance}

        ```
        {Command}
        ```

        {TextTable.Markdown(Readings)}
        `of http` and `of commit`: share of what the bare endpoint and the bare group commit did in the same run. `cpu µs`: processor time the server
        used for each. `generator`, `server`, `others`: share of all processors together; the generator is clients and agents. Each figure is the median of its rounds.
        {string.Concat(Failures.Select(failure => $"\nFailed: {failure}\n"))}
        """.TrimEnd() + "\n");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
