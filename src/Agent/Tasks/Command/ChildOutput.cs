using System.Diagnostics;
using System.Text;

namespace Headgate.Agent.Tasks.Command;

/// <summary>Feeds a child and takes what it prints, both streams in the order of arrival.</summary>
internal sealed class ChildOutput
{
    /// <summary>After the child has gone only a process that escaped can hold its pipes open; it is not waited for.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly BoundedOutput _all;
    private readonly BoundedOutput _error = new(2 * TaskRunner.MaxMessageBytes);
    private readonly Task _pumps;

    public ChildOutput(Process process, string? stdin, int limit)
    {
        _all = new BoundedOutput(limit);
        _pumps = Task.WhenAll(
            PumpAsync(process.StandardOutput.BaseStream, null),
            PumpAsync(process.StandardError.BaseStream, _error),
            FeedAsync(process.StandardInput.BaseStream, stdin));
    }

    public string Log => _all.ToString();

    /// <summary>The end of standard error.</summary>
    public string ErrorTail => TaskRunner.End(_error.ToString().Trim(), TaskRunner.MaxMessageBytes);

    public async Task DrainAsync()
    {
        try
        {
            await _pumps.WaitAsync(DrainLimit);
        }
        catch (TimeoutException)
        {
            // What was printed so far is what there is.
        }
    }

    private async Task PumpAsync(Stream from, BoundedOutput? also)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                _all.Append(buffer.AsSpan(0, read));
                also?.Append(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us after the child's end.
        }
    }

    private static async Task FeedAsync(Stream to, string? text)
    {
        try
        {
            await using (to)
            {
                if (text is not null)
                    await to.WriteAsync(Encoding.UTF8.GetBytes(text));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program ended, or closed its input, without reading it all: its right.
        }
    }
}
