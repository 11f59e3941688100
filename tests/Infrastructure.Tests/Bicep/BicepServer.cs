using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>The compiler could not answer.</summary>
internal sealed class BicepException(string message) : Exception(message);

/// <summary>
/// The Bicep compiler, kept running: its start and first compile take as long as many that follow. <c>bicep jsonrpc</c> answers JSON-RPC behind a
/// <c>Content-Length</c> header and ends when its input does, so never later than this process. Ask one question at a time.
/// </summary>
internal sealed class BicepServer : IDisposable
{
    private readonly Process _process;
    private int _questions;

    /// <param name="environment">Of the variables that deployments read, these and no others are set.</param>
    public BicepServer(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Executable(), ["jsonrpc", "--stdio"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var inherited in start.Environment.Keys.Where(IsOfDeployments).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        // Measuring its own hot paths costs a process of this length more than it gains.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
    }

    /// <exception cref="BicepException">The compiler refused, or ended.</exception>
    public async Task<JsonElement> AskAsync(string method, object question)
    {
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { jsonrpc = "2.0", id = ++_questions, method, @params = question });
            var input = _process.StandardInput.BaseStream;
            await input.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")));
            await input.WriteAsync(body);
            await input.FlushAsync();
            var answer = await ReadAsync(_process.StandardOutput.BaseStream);
            return answer.TryGetProperty("error", out var error) ? throw new BicepException($"{method}: {error.GetProperty("message").GetString()}") : answer.GetProperty("result");
        }
        catch (IOException broken)
        {
            throw new BicepException($"{method}: the compiler has ended: {broken.Message}");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(Stream output)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head is not { Length: >= 4 } || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            await output.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
        await output.ReadExactlyAsync(body);
        return JsonElement.Parse(body);
    }

    private static bool IsOfDeployments(string variable) => variable.StartsWith("AZURE_", StringComparison.Ordinal) || variable.StartsWith("HEADGATE_", StringComparison.Ordinal);

    private static string Executable()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new PlatformNotSupportedException($"The package of the Bicep compiler is the one for linux-x64, and this is {RuntimeInformation.RuntimeIdentifier}: run these tests on linux-x64, in a container for example.");
        var path = typeof(BicepServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "BicepCompiler").Value!;
        // Unpacking a package need not give the right to run what is in it.
        var mode = File.GetUnixFileMode(path);
        if (!mode.HasFlag(UnixFileMode.UserExecute))
            File.SetUnixFileMode(path, mode | UnixFileMode.UserExecute);
        return path;
    }
}
