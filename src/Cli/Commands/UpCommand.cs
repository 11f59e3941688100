using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Headgate.Cli.Commands;

/// <summary>Serves on this machine: starts the embedded host and stays with it.</summary>
internal static class UpCommand
{
    private const string Ready = "listening on ";
    private const string Program = "Headgate.LocalHost";
    private const string AdminKey = "HEADGATE_ADMIN_KEY";

    public static void AddTo(CommandLine line)
    {
        var data = new Option<string>("--data") { Description = "Data folder (default: data, or HEADGATE_DATA)", HelpName = "DIR" };
        Given.NotEmpty(data);
        var port = new Option<int?>("--port") { Description = "Port, 0 for a free one (default: 7071)", HelpName = "N" };
        Given.Within(port, 0, 65_535);
        var host = new Option<string>("--host-program") { Description = $"The embedded host, {Program} or {Program}.dll (default: {Settings.Host}, or beside this program)", HelpName = "PATH" };
        Given.NotEmpty(host);
        line.AddWithoutKey(new Command("up", "Serve on this machine until Ctrl-C") { data, port, host }, async (arguments, cancellationToken) =>
        {
            var program = Find(arguments.GetValue(host) ?? line.Settings.HostProgram, AppContext.BaseDirectory);
            using var process = Start(program, arguments.GetValue(data), arguments.GetValue(port));
            using var ending = new Ending(process, line.Terminal.IsTyped, cancellationToken);
            if (await AddressAsync(process) is not { } address)
                return await EndAsync(process);

            var folder = arguments.GetValue(data) ?? Environment.GetEnvironmentVariable("HEADGATE_DATA") ?? "data";
            var key = Environment.GetEnvironmentVariable(AdminKey) is { Length: > 0 } ? null : Path.GetFullPath(Path.Combine(folder, "operator.key"));
            line.Terminal.Show(
                new HostView(address, key, process.Id),
                CliJson.Default.HostView,
                ("address", address),
                ("operator key", key ?? $"as {AdminKey} has it"),
                ("log in", key is null ? null : $"headgate login --service {address} < {key}"),
                ("end", "Ctrl-C"));
            return await EndAsync(process);
        });
    }

    /// <param name="named">Null: look beside this program.</param>
    /// <exception cref="UsageException">It isn't there.</exception>
    internal static string Find(string? named, string folder)
    {
        if (named is not null)
            return File.Exists(named) ? Path.GetFullPath(named) : throw new UsageException($"There is no embedded host at {named}.");
        string[] names = [Program + (OperatingSystem.IsWindows() ? ".exe" : ""), Program + ".dll"];
        return names.SelectMany(name => new[] { Path.Combine(folder, name), Path.Combine(folder, "host", name) }).FirstOrDefault(File.Exists)
            ?? throw new UsageException($"The embedded host is not beside this program. Name it with --host-program or {Settings.Host}: {Program} or {Program}.dll.");
    }

    private static Process Start(string program, string? data, int? port)
    {
        // Standard error stays this program's: what the host logs is seen as it comes.
        var isLibrary = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : program) { UseShellExecute = false, RedirectStandardOutput = true };
        // Who calls is none of the host's matters.
        foreach (var name in (string[])[Settings.Url, Settings.Key, Settings.Host])
            start.Environment.Remove(name);
        if (isLibrary)
            start.ArgumentList.Add(program);
        Add(start, "--data", data);
        Add(start, "--port", port?.ToString(CultureInfo.InvariantCulture));
        try
        {
            return Process.Start(start) ?? throw new UsageException($"{program} did not start.");
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new UsageException($"{program} can't be started: {problem.Message}");
        }
    }

    private static void Add(ProcessStartInfo start, string name, string? value)
    {
        if (value is null)
            return;
        start.ArgumentList.Add(name);
        start.ArgumentList.Add(value);
    }

    private static async Task<string?> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
                return line[Ready.Length..];
        }

        return null;
    }

    // The host drains before it ends, and ends by itself where it can't go on: this program waits for it either way.
    private static async Task<int> EndAsync(Process process)
    {
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Asks the host once to end. A second time would end it without draining.</summary>
    private sealed class Ending : IDisposable
    {
        private readonly Process _process;
        private readonly PosixSignalRegistration _terminated;
        private readonly CancellationTokenRegistration _cancelled;
        private int _wasAsked;

        /// <param name="isTyped">A terminal gives Ctrl-C to the host as well as to this program.</param>
        public Ending(Process process, bool isTyped, CancellationToken cancellationToken)
        {
            _process = process;
            _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                Ask();
            });
            _cancelled = isTyped ? default : cancellationToken.Register(Ask);
        }

        public void Dispose()
        {
            _terminated.Dispose();
            _cancelled.Dispose();
        }

        private void Ask()
        {
            if (Interlocked.Exchange(ref _wasAsked, 1) == 0 && !OperatingSystem.IsWindows() && !_process.HasExited)
                Process.Start(new ProcessStartInfo("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })?.Dispose();
        }
    }
}
