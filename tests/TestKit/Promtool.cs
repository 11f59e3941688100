using System.Diagnostics;

namespace Headgate.TestKit;

/// <summary>Prometheus' own judge of metrics and rules, from Debian's package, installed where it is missing.</summary>
public static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    private static readonly Lazy<string> Found = new(Find);

    /// <param name="input">Goes to its standard input.</param>
    /// <returns>Its exit code, 0 where it found nothing, and all it wrote.</returns>
    public static (int ExitCode, string Output) Run(string input, params string[] arguments) => Run(Found.Value, input, arguments);

    private static string Find()
    {
        if (File.Exists(Program))
            return Program;
        foreach (string[] arguments in new[] { new[] { "-qq", "update" }, ["-qq", "-y", "install", "--no-install-recommends", "prometheus"] })
        {
            if (Run("apt-get", "", arguments) is { ExitCode: not 0 } failed)
                throw new InvalidOperationException($"apt-get {string.Join(' ', arguments)}: {failed.Output}");
        }

        return Program;
    }

    private static (int ExitCode, string Output) Run(string program, string input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
