using Headgate.Infrastructure.Tests.Deployed;

namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>What the files of <c>infra/</c> compile to. Each is compiled once, however many tests ask.</summary>
internal static class Compiled
{
    /// <summary>No snapshot may hold it.</summary>
    public const string OperatorKey = "hg_operator_inNoSnapshotEver1234";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "test",
        ["AZURE_PRINCIPAL_ID"] = "11111111-1111-1111-1111-111111111111",
        ["HEADGATE_ADMIN_KEY"] = OperatorKey,
        ["HEADGATE_ALERT_EMAILS"] = "one@example.org,two@example.org",
        ["HEADGATE_BUDGET_START"] = "2030-01-01",
        ["HEADGATE_PRIVATE"] = "true",
    };

    /// <summary>All compilers of these tests.</summary>
    public static readonly BicepServers Servers = new(count: 2, Environment);

    private static readonly BicepCompiler Compiler = new(Servers, Sources.Root);
    private static readonly Lazy<Task<Build>> MainBuild = new(() => Compiler.BuildAsync("bicep/main.bicep"));
    private static readonly Lazy<Task<IReadOnlyList<string>>> MainReferences = new(() => Compiler.ReferencesAsync("bicep/main.bicep"));
    private static readonly Dictionary<string, Lazy<Task<Build>>> Builds = OfEach(name => Compiler.BuildParametersAsync($"bicep/{name}.bicepparam"));
    private static readonly Dictionary<string, Lazy<Task<string>>> Snapshots = OfEach(name => SnapshotAsync(Compiler, name));

    private static readonly Lazy<Task<Deployment>> WithScheduler = new(async () =>
    {
        using var copy = new InfrastructureCopy("bicep/dev.bicepparam", "param environmentName = 'dev'\n", "param environmentName = 'dev'\nparam durableBackend = 'DurableTaskScheduler'\n");
        return Deployment.Parse(await SnapshotAsync(copy.Compiler, "dev"));
    });

    public static Task<Build> Main => MainBuild.Value;

    /// <summary>All files that <c>main.bicep</c> is made of, from <c>infra/</c>.</summary>
    public static Task<IReadOnlyList<string>> References => MainReferences.Value;

    /// <summary>The development environment with the Durable Task Scheduler.</summary>
    public static Task<Deployment> Scheduled => WithScheduler.Value;

    public static Task<Build> ParametersAsync(string name) => Builds[name].Value;

    /// <summary>Fresh from the compiler.</summary>
    public static Task<string> SnapshotAsync(string name) => Snapshots[name].Value;

    public static async Task<Deployment> DeploymentAsync(string name) => Deployment.Parse(await SnapshotAsync(name));

    /// <summary>A snapshot as it is kept.</summary>
    public static async Task<string> SnapshotAsync(BicepCompiler compiler, string name) => SnapshotFile.InOrder(await compiler.SnapshotAsync($"bicep/{name}.bicepparam"));

    private static Dictionary<string, Lazy<Task<T>>> OfEach<T>(Func<string, Task<T>> make) =>
        Sources.ParameterFiles.ToDictionary(name => name, name => new Lazy<Task<T>>(() => make(name)), StringComparer.Ordinal);
}
