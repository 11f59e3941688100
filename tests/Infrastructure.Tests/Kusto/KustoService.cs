using System.Diagnostics;
using System.Text.Json;
using Headgate.TestKit.NodePackages;

namespace Headgate.Infrastructure.Tests.Kusto;

/// <param name="Name">Whose it is.</param>
/// <param name="Query">Its text.</param>
internal sealed record NamedQuery(string Name, string Query);

/// <summary>The language service that Azure Monitor refuses queries with, under Node, and the tables of Application Insights that our queries read.</summary>
internal static class KustoService
{
    private static readonly JsonSerializerOptions s_web = new(JsonSerializerDefaults.Web) { MaxDepth = 512 };
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <returns>Every problem of every query, each with the name of its query.</returns>
    /// <exception cref="InvalidOperationException">Node is absent, or the service could not be run; says what it wrote.</exception>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IEnumerable<NamedQuery> queries) =>
        [.. (await RunAsync<CheckedQuery>("check.js", queries)).SelectMany(query => query.Problems.Select(problem => $"{query.Name}: {problem}"))];

    /// <returns>The tree of each query, by its name.</returns>
    /// <exception cref="InvalidOperationException">As of <see cref="ProblemsAsync"/>.</exception>
    public static async Task<IReadOnlyDictionary<string, KustoNode>> TreesAsync(IEnumerable<NamedQuery> queries) =>
        (await RunAsync<ParsedQuery>("parse.js", queries)).ToDictionary(query => query.Name, query => query.Tree, StringComparer.Ordinal);

    private static async Task<List<T>> RunAsync<T>(string script, IEnumerable<NamedQuery> queries)
    {
        var service = await NodeInstallation.EnsureAsync("Kusto", "@kusto/language-service-next");
        using var limit = new CancellationTokenSource(s_patience);
        var start = new ProcessStartInfo(Node.Program, [Path.Combine(AppContext.BaseDirectory, "Kusto", script), service])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(queries, s_web));
        node.StandardInput.Close();
        await node.WaitForExitAsync(limit.Token);
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"The language service could not be run (exit code {node.ExitCode}):\n{await errors}");
        return JsonSerializer.Deserialize<List<T>>(await output, s_web)!;
    }

    private sealed record CheckedQuery(string Name, IReadOnlyList<string> Problems);

    private sealed record ParsedQuery(string Name, KustoNode Tree);
}
