using System.Diagnostics;

namespace Headgate.TestKit;

/// <summary>A process that a test has started, and what it prints. It is killed when this is disposed.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<(string Part, TaskCompletionSource<string> Said)> _awaited = [];

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => Copy(_output);

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => Copy(_errors);

    private string Printed => string.Join('\n', Output.Concat(Errors));

    /// <param name="program">Found on the path, or a path.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="environment">Added to this process' own.</param>
    /// <param name="folder">To work in; null: this process' own.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Keep(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Keep(child._errors, line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line that contains this.</summary>
    /// <returns>The first such line.</returns>
    /// <exception cref="InvalidOperationException">It ended without one, or took too long; carries what it printed.</exception>
    public async Task<string> SaysAsync(string part)
    {
        var said = Await(part);
        using var limit = new CancellationTokenSource(Patience.Limit);
        await Task.WhenAny(said, _process.WaitForExitAsync(limit.Token));
        return said.IsCompletedSuccessfully ? await said : throw new InvalidOperationException($"The process did not say '{part}':\n{Printed}");
    }

    /// <summary>Sends a signal such as TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended and all that it printed has been read.</summary>
    /// <param name="atMost">Null: as long as tests wait.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="InvalidOperationException">It goes on; carries what it printed.</exception>
    public async Task<int> EndedAsync(TimeSpan? atMost = null)
    {
        using var limit = new CancellationTokenSource(atMost ?? Patience.Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"The process did not end:\n{Printed}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL, to its own children too: no handler runs, nothing is written any more.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private Task<string> Await(string part)
    {
        lock (_gate)
        {
            if (_output.Concat(_errors).FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
                return Task.FromResult(line);
            var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((part, said));
            return said.Task;
        }
    }

    private void Keep(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            lines.Add(line);
            foreach (var (_, said) in _awaited.Where(awaited => line.Contains(awaited.Part, StringComparison.Ordinal)))
                said.TrySetResult(line);
        }
    }

    private string[] Copy(List<string> lines)
    {
        lock (_gate)
            return [.. lines];
    }
}
