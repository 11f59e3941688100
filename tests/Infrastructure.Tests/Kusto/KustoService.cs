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
    private static readonly JsonSerializerOptions s_web = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <returns>Every problem of every query, each with the name of its query.</returns>
    /// <exception cref="InvalidOperationException">Node is absent, or the service could not be run; says what it wrote.</exception>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IEnumerable<NamedQuery> queries)
    {
        var service = await NodeInstallation.EnsureAsync("Kusto", "@kusto/language-service-next");
        using var limit = new CancellationTokenSource(s_patience);
        var start = new ProcessStartInfo(Node.Program, [Path.Combine(AppContext.BaseDirectory, "Kusto", "check.js"), service])
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
        var checkedQueries = JsonSerializer.Deserialize<List<CheckedQuery>>(await output, s_web)!;
        return [.. checkedQueries.SelectMany(query => query.Problems.Select(problem => $"{query.Name}: {problem}"))];
    }

    private sealed record CheckedQuery(string Name, IReadOnlyList<string> Problems);
}
