using System.Diagnostics;
using Headgate.Agent.Attempts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Tests.Support;

/// <summary>Debian's restic, installed where it is missing, and a fresh repository in a folder of its own.</summary>
internal sealed class ResticGround : IDisposable
{
    public const string Password = "correct horse battery staple";

    private static readonly Lazy<string> Found = new(Find);
    private static readonly Lazy<string> Template = new(MakeTemplate);

    public ResticGround()
    {
        Folder.Write("main.key", Password + "\n");
        Run("cp", ["-a", Template.Value, Repository]);
        Folder.Folder("data");
    }

    /// <summary><c>HEADGATE_TEST_RESTIC</c> names another version to test with.</summary>
    public static string Program => Found.Value;

    public TestFolder Folder { get; } = new();

    public string Repository => Folder.At("repo");

    /// <summary>What the agent lets tasks read and write.</summary>
    public string Data => Folder.At("data");

    /// <summary>Locks in the repository. One that is still being written counts for nobody, restic neither.</summary>
    public IReadOnlyList<string> Locks => [.. Directory.GetFiles(Path.Combine(Repository, "locks")).Where(file => !file.Contains("-tmp-", StringComparison.Ordinal))];

    public string[] Lines(params string[] more) =>
    [
        "capabilities: [backup, restore, check, prune]", $"resticProgram: {Program}", $"allowedPaths: [{Data}]",
        $"repositories: {{ main: {{ url: {Repository}, passwordFile: {Folder.At("main.key")} }}, wrong: {{ url: {Repository}, passwordFile: {Folder.Write("wrong.key", "no")} }}, none: {{ url: {Folder.At("nowhere")}, passwordFile: {Folder.At("main.key")} }}, far: {{ url: 'sftp:nobody@127.0.0.1:/x', passwordFile: {Folder.At("main.key")}, env: {{ PATH: {Unreachable()} }} }} }}",
        .. more,
    ];

    public Task<TaskResult> DoAsync(string type, object payload, Action<Attempt>? meanwhile = null, params string[] more) =>
        Given.ResultOfAsync(Folder, Given.Task(type, payload), Lines(more), meanwhile);

    /// <summary>A path with an ssh that finds nobody at the other end.</summary>
    private string Unreachable()
    {
        File.SetUnixFileMode(Folder.Write("bin/ssh", "#!/bin/sh\necho 'ssh: connect to host 127.0.0.1 port 22: Connection refused' >&2\nexit 255\n"), (UnixFileMode)0b111_101_101);
        return Folder.At("bin");
    }

    /// <summary>restic as somebody else on the machine runs it.</summary>
    public Process Other(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RESTIC_REPOSITORY"] = Repository;
        start.Environment["RESTIC_PASSWORD_FILE"] = Folder.At("main.key");
        start.Environment["RESTIC_CACHE_DIR"] = Folder.At("other-cache");
        return Process.Start(start)!;
    }

    /// <summary>The process of restic that the task runs, once it holds a lock.</summary>
    public async Task<int> RunningAsync(string command)
    {
        var id = 0;
        await Eventually.TrueAsync(() => Locks.Count > 0 && (id = All(command) is [var first, ..] ? first : 0) != 0, $"restic {command} runs");
        return id;
    }

    /// <summary>As <see cref="DoAsync"/>, with a script in restic's place.</summary>
    public Task<TaskResult> DoWithAsync(string script, string type, object payload, string? url = null)
    {
        File.SetUnixFileMode(Folder.Write("bin/fake", $"#!/bin/sh\n{script}\n"), (UnixFileMode)0b111_101_101);
        string[] lines = [.. Lines().Where(line => !line.StartsWith("resticProgram:", StringComparison.Ordinal)), $"resticProgram: {Folder.At("bin/fake")}"];
        if (url is not null)
            lines = [.. lines.Select(line => line.Replace($"main: {{ url: {Repository},", $"main: {{ url: '{url}',", StringComparison.Ordinal))];
        return Given.ResultOfAsync(Folder, Given.Task(type, payload), lines);
    }

    public void Dispose() => Folder.Dispose();

    /// <summary>Processes of restic that the agent of this test has started; known by their cache, which lies in its folder.</summary>
    public IReadOnlyList<int> All(string command) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(id =>
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline").Split('\0') is [_, var first, ..] && first == command
                    && File.ReadAllText($"/proc/{id}/environ").Contains($"RESTIC_CACHE_DIR={Folder.At("state")}", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private static string Find()
    {
        var program = Environment.GetEnvironmentVariable("HEADGATE_TEST_RESTIC") ?? "/usr/bin/restic";
        if (File.Exists(program))
            return program;
        Run("apt-get", ["-qq", "update"]);
        Run("apt-get", ["-qq", "-y", "install", "--no-install-recommends", "restic"]);
        return program;
    }

    private static string MakeTemplate()
    {
        var folder = Directory.CreateTempSubdirectory("headgate-restic-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.WriteAllText(Path.Combine(folder, "key"), Password);
        Run(Program, ["-r", Path.Combine(folder, "repo"), "-p", Path.Combine(folder, "key"), "--no-cache", "-q", "init"]);
        return Path.Combine(folder, "repo");
    }

    private static void Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }
}
