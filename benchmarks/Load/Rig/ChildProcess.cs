using System.Diagnostics;
using System.Net;

namespace Headgate.Load.Rig;

/// <summary>A .NET program under load, in a process of its own; disposing kills it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Ready = "listening on ";
    private const int MaxKept = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Queue<string> _printed = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>From before the process was made to the line that says where it listens.</summary>
    public TimeSpan StartTime { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <param name="assembly">Path of the program's assembly.</param>
    /// <exception cref="InvalidOperationException">It ended, or said nothing for two minutes; carries what it printed.</exception>
    public static ChildProcess Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, bool awaited = true)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheService).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = start });
        try
        {
            child.Launch(awaited);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Its last lines.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
                return string.Join(Environment.NewLine, _printed);
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to stop as a system does, and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with a failure.</exception>
    public void Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        if (!_process.WaitForExit(Patience) || _process.ExitCode != 0)
            throw new InvalidOperationException($"The process did not stop in order:{Environment.NewLine}{Printed}");
    }

    public int WaitForExit()
    {
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        try
        {
            Kill();
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }

        _process.Dispose();
    }

    // Whatever the caller has set for a service of its own is not this one's.
    private static bool IsOfTheService(string name) => name.StartsWith("HEADGATE", StringComparison.OrdinalIgnoreCase);

    private void Launch(bool awaited)
    {
        var address = new TaskCompletionSource<(string Text, TimeSpan After)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("it ended"));
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Ready, StringComparison.Ordinal) == true)
                address.TrySetResult((line.Data[Ready.Length..], Stopwatch.GetElapsedTime(start)));
            Keep(line.Data);
        };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!awaited)
            return;
        try
        {
            (var text, StartTime) = address.Task.WaitAsync(Patience).GetAwaiter().GetResult();
            Address = IPEndPoint.Parse(new Uri(text).Authority);
        }
        catch (Exception problem) when (problem is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[0]} did not become ready:{Environment.NewLine}{Printed}", problem);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_printed)
        {
            _printed.Enqueue(line);
            if (_printed.Count > MaxKept)
                _printed.Dequeue();
        }
    }
}
