using System.Diagnostics;

namespace Headgate.Infrastructure.Tests.Hooks;

/// <param name="ExitCode">Of the script.</param>
/// <param name="Said">What it wrote for people, on both streams.</param>
/// <param name="Calls">The commands it called, each as one line: name and arguments.</param>
internal sealed record HookRun(int ExitCode, string Said, IReadOnlyList<string> Calls);

/// <summary>
/// Runs a script of <c>infra/hooks</c> as azd does, where <c>az</c>, <c>azd</c> and <c>curl</c> are stand-ins that note how they are called and answer
/// as told. Nothing else of this machine's path is there, nor any of its variables.
/// </summary>
internal sealed class HookRig : IDisposable
{
    public const string NotHere = "The hooks are scripts for sh, and their tests want the files' rights: run them on Linux.";

    private const string StandIn = """
        #!/bin/sh
        line="${0##*/} $*"
        printf '%s\n' "$line" >> "$STAND_INS/calls"
        number=0
        while IFS='|' read -r times pattern code text; do
          number=$((number + 1))
          case $line in
            $pattern)
              used=$(cat "$STAND_INS/used-$number" 2> /dev/null || echo 0)
              [ "$used" -lt "$times" ] || continue
              echo $((used + 1)) > "$STAND_INS/used-$number"
              printf '%b' "$text"
              exit "$code"
              ;;
          esac
        done < "$STAND_INS/answers"

        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-hooks-");
    private readonly List<string> _answers = [];

    /// <param name="standIns">Of <c>az</c>, <c>azd</c> and <c>curl</c>, those that are there.</param>
    public HookRig(params string[] standIns)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(NotHere);
        foreach (var name in standIns)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), StandIn.ReplaceLineEndings("\n"));
            File.SetUnixFileMode(Path.Combine(_folder.FullName, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        foreach (var name in new[] { "cat", "grep", "sleep", "tr" })
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, name), Found(name));
    }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["AZURE_ENV_NAME"] = "test",
        ["AZURE_LOCATION"] = "westeurope",
        ["AZURE_SUBSCRIPTION_ID"] = "22222222-2222-2222-2222-222222222222",
        ["AZURE_RESOURCE_GROUP"] = "rg-headgate-test",
        ["HEADGATE_APP"] = "func-1",
        ["HEADGATE_URL"] = "https://func-1.example",
        ["HEADGATE_HOOK_PAUSE"] = "0",
    };

    /// <summary>What a call that fits a shell pattern is answered; the first that fits and is not used up holds. Others are answered nothing, and well.</summary>
    public HookRig Answer(string pattern, string text = "", int exitCode = 0, int times = 1_000)
    {
        _answers.Add($"{times}|{pattern}|{exitCode}|{text}\n");
        return this;
    }

    public async Task<HookRun> RunAsync(string script)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "answers"), string.Concat(_answers));
        var start = new ProcessStartInfo(Repository.Full($"infra/hooks/{script}.sh")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = _folder.FullName;
        start.Environment["STAND_INS"] = _folder.FullName;
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;

        using var limit = new CancellationTokenSource(s_patience);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        var calls = Path.Combine(_folder.FullName, "calls");
        return new HookRun(process.ExitCode, await output + await errors, File.Exists(calls) ? await File.ReadAllLinesAsync(calls, limit.Token) : []);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Found(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).First(File.Exists);
}
