using System.Diagnostics;

namespace Headgate.Demo;

/// <summary>A process of the demonstration's own. What it prints is kept, for the case that it fails; disposing kills it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int MaxKept = 200;
    private readonly Process _process;
    private readonly Queue<string> _printed = new();
    private readonly TaskCompletionSource<string> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _awaited;

    /// <param name="command">The assembly and its arguments.</param>
    /// <param name="environment">What is added to the environment of this process.</param>
    /// <param name="awaited">Start of the output line that tells that the process is ready.</param>
    public ChildProcess(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string? awaited = null)
    {
        _awaited = awaited;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _announced.TrySetException(new NotProvenException($"{Path.GetFileName(command[0])} ended with {_process.ExitCode} before it was ready:{Environment.NewLine}{Printed}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The last lines it printed.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
                return string.Join(Environment.NewLine, _printed);
        }
    }

    /// <summary>The whole line that tells that the process is ready.</summary>
    public Task<string> ReadyAsync(TimeSpan atMost, CancellationToken cancellationToken) => _announced.Task.WaitAsync(atMost, cancellationToken);

    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no handler runs, nothing is tidied up.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
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

        if (_awaited is not null && line.StartsWith(_awaited, StringComparison.Ordinal))
            _announced.TrySetResult(line);
    }
}
