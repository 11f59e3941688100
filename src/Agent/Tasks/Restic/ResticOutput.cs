using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Headgate.Agent.Attempts;
using Headgate.Agent.Options;
using Headgate.Agent.Tasks.Command;
using Headgate.Contracts;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>Takes what restic prints: messages of <c>--json</c> are read, all else is its log. Memory stays bounded however long lines or output get.</summary>
internal sealed class ResticOutput
{
    private const int LongestLine = 1024 * 1024;

    /// <summary>After restic has gone only a process that escaped can hold its pipes open; it is not waited for.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Repository _repository;
    private readonly BoundedOutput _log;
    private readonly BoundedOutput _error = new(2 * TaskRunner.MaxMessageBytes);
    private readonly Action<TaskProgress> _progress;
    private readonly Action<string> _line;
    private readonly Task _pumps;
    private string? _exitError;
    private JsonElement? _summary;

    /// <param name="line">Gets each line of standard output that is no message.</param>
    public ResticOutput(Process process, Repository repository, int limit, Action<TaskProgress> progress, Action<string> line)
    {
        (_repository, _log, _progress, _line) = (repository, new BoundedOutput(limit), progress, line);
        process.StandardInput.Close();
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput.BaseStream, isError: false), PumpAsync(process.StandardError.BaseStream, isError: true));
    }

    public WarningList Warnings { get; } = new();

    public async Task<ResticEnd> EndAsync(int? code, bool wasStopped)
    {
        try
        {
            await _pumps.WaitAsync(DrainLimit);
        }
        catch (TimeoutException)
        {
            // What was printed so far is what there is.
        }

        lock (_gate)
            return new ResticEnd(code, wasStopped, TaskRunner.End(_exitError ?? _error.ToString().Trim(), TaskRunner.MaxMessageBytes), _log.ToString(), _summary, Warnings);
    }

    private async Task PumpAsync(Stream from, bool isError)
    {
        var buffer = new byte[16 * 1024];
        var line = new ArrayBufferWriter<byte>();
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty;)
                {
                    var end = rest.Span.IndexOf((byte)'\n');
                    var part = end < 0 ? rest : rest[..end];
                    if (line.WrittenCount + part.Length <= LongestLine)
                        line.Write(part.Span);
                    rest = end < 0 ? default : rest[(end + 1)..];
                    if (end >= 0)
                        Take(line, isError);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us after restic's end.
        }

        if (line.WrittenCount > 0)
            Take(line, isError);
    }

    private void Take(ArrayBufferWriter<byte> line, bool isError)
    {
        lock (_gate)
        {
            if (!TryMessage(line.WrittenSpan))
                TakeText(line.WrittenSpan, isError);
        }

        line.ResetWrittenCount();
    }

    private void TakeText(ReadOnlySpan<byte> bytes, bool isError)
    {
        var text = Encoding.UTF8.GetString(bytes);
        // Hidden while it is whole: what is cut later would not be found.
        var shown = Encoding.UTF8.GetBytes(_repository.Hide(text) + "\n");
        _log.Append(shown);
        if (isError)
            _error.Append(shown);
        else
            _line(text);
    }

    private bool TryMessage(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("{"u8))
            return false;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var message = JsonElement.ParseValue(ref reader);
            switch (Text(message, "message_type"))
            {
                case "status":
                    _progress(new TaskProgress(Number(message, "percent_done") is { } share ? Math.Round(100 * share, 1) : null, Whole(message, "bytes_done", "bytes_restored"), Whole(message, "files_done", "files_restored")));
                    return true;
                case "summary":
                    _summary = message;
                    return true;
                case "error":
                    Warn(message);
                    return true;
                case "exit_error":
                    _exitError = Text(message, "message") is { } text ? _repository.Hide(text) : null;
                    return true;
                default:
                    return false;
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Warn(JsonElement message)
    {
        var item = Text(message, "item");
        var reason = (message.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "message") : null) ?? Text(message, "message");
        var text = _repository.Hide(reason is null ? $"{item ?? "something"}: could not be read" : item is null || reason.Contains(item, StringComparison.Ordinal) ? reason : $"{item}: {reason}");
        Warnings.Add(text);
        _log.Append(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private static string? Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    private static long? Whole(JsonElement message, string name, string otherwise) => (long?)(Number(message, name) ?? Number(message, otherwise));
}
