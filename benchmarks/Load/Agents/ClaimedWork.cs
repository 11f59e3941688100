using System.Buffers;
using System.Text.Json;

namespace Headgate.Load.Agents;

/// <summary>Turns the answer to a claim into the report of its tasks, without making objects of either.</summary>
internal sealed class ClaimedWork : IDisposable
{
    private readonly ArrayBufferWriter<byte> _report = new(32 * 1024);
    private readonly Utf8JsonWriter _writer = new(Stream.Null);

    /// <summary>Body of the report on every task of the claim; empty where it brought none.</summary>
    public ReadOnlySpan<byte> Report => Count == 0 ? [] : _report.WrittenSpan;

    public int Count { get; private set; }

    /// <summary>How long the service asks to wait before the next claim; it does so where a claim found no room.</summary>
    public int PauseSeconds { get; private set; }

    /// <param name="answer">Body of the answer to a claim.</param>
    /// <param name="failure">The error category every task ends with; null: success.</param>
    public void Read(ReadOnlySpan<byte> answer, string? failure = null)
    {
        (Count, PauseSeconds) = (0, 0);
        _report.ResetWrittenCount();
        _writer.Reset(_report);
        _writer.WriteStartObject();
        _writer.WriteStartArray("results"u8);
        var reader = new Utf8JsonReader(answer);
        string? taskId = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("taskId"u8))
            {
                reader.Read();
                taskId = reader.GetString();
            }
            else if (reader.ValueTextEquals("attempt"u8))
            {
                reader.Read();
                Write(taskId!, reader.GetInt32(), failure);
            }
            else if (reader.ValueTextEquals("nextClaimSeconds"u8))
            {
                reader.Read();
                PauseSeconds = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                reader.Skip();
            }
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    private void Write(string taskId, int attempt, string? failure)
    {
        Count++;
        _writer.WriteStartObject();
        _writer.WriteString("taskId"u8, taskId);
        _writer.WriteNumber("attempt"u8, attempt);
        _writer.WriteString("status"u8, failure is null ? "success"u8 : "failure"u8);
        _writer.WriteNumber("durationSeconds"u8, 0);
        if (failure is not null)
            _writer.WriteString("errorCategory"u8, failure);
        _writer.WriteEndObject();
    }
}
