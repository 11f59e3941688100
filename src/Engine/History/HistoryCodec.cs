using Headgate.Storage.Log;
using Microsoft.DurableTask;

namespace Headgate.Engine.History;

/// <summary>
/// Encodes events: a kind, then its fields. Files outlive builds, so a kind never changes its number or fields; a new format gets a new
/// kind.
/// </summary>
internal static class HistoryCodec
{
    [ThreadStatic]
    private static ByteWriter? t_writer;

    public static byte[] Encode(HistoryEvent one)
    {
        var writer = t_writer ??= new();
        Write(writer, one);
        return writer.Take();
    }

    public static byte[] Encode(IReadOnlyList<HistoryEvent> events, IReadOnlyList<ActionEvent> actions)
    {
        var writer = t_writer ??= new();
        for (var i = 0; i < events.Count; i++)
            Write(writer, events[i]);
        for (var i = 0; i < actions.Count; i++)
            Write(writer, actions[i]);
        return writer.Take();
    }

    public static void Decode(ReadOnlySpan<byte> bytes, List<HistoryEvent> events)
    {
        var reader = new ByteReader(bytes);
        while (!reader.AtEnd)
            events.Add(Read(ref reader));
    }

    public static HistoryEvent Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        return Read(ref reader);
    }

    public static byte[]? Encode(TaskFailureDetails? failure)
    {
        if (failure is null)
            return null;
        var writer = t_writer ??= new();
        Write(writer, failure);
        return writer.Take();
    }

    public static TaskFailureDetails DecodeFailure(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        return ReadFailure(ref reader);
    }

    private static void Write(ByteWriter writer, HistoryEvent one) => _ = one switch
    {
        TurnStarted e => writer.Byte(1).Number(e.Time.Ticks),
        TaskSucceeded e => writer.Byte(2).Number(e.TaskId).Text(e.Result),
        TaskFailed e => Write(writer.Byte(3).Number(e.TaskId), e.Failure),
        TimerFired e => writer.Byte(4).Number(e.TaskId),
        EventRaised e => writer.Byte(5).Number(e.Number).Text(e.Name).Text(e.Payload),
        ActivityScheduled e => writer.Byte(6).Number(e.TaskId).Text(e.Name).Text(e.Input),
        SubOrchestrationScheduled e => writer.Byte(7).Number(e.TaskId).Text(e.Name).Text(e.InstanceId).Text(e.Input),
        TimerSet e => writer.Byte(8).Number(e.TaskId).Number(e.Due.Ticks),
        EventSent e => writer.Byte(9).Number(e.TaskId).Text(e.InstanceId).Text(e.Name).Text(e.Payload),
        SuspendAsked => writer.Byte(10),
        ResumeAsked => writer.Byte(11),
        TerminateAsked e => writer.Byte(12).Text(e.Output).Byte(e.Recursive ? (byte)1 : (byte)0),
        _ => throw new NotSupportedException($"No bytes are defined for {one.GetType().Name}."),
    };

    private static HistoryEvent Read(ref ByteReader reader)
    {
        var kind = reader.Byte();
        return kind switch
        {
            1 => new TurnStarted(Time(ref reader)),
            2 => new TaskSucceeded((int)reader.Number(), reader.Text()),
            3 => new TaskFailed((int)reader.Number(), ReadFailure(ref reader)),
            4 => new TimerFired((int)reader.Number()),
            5 => new EventRaised(reader.Number(), reader.Text()!, reader.Text()),
            6 => new ActivityScheduled((int)reader.Number(), reader.Text()!, reader.Text()),
            7 => new SubOrchestrationScheduled((int)reader.Number(), reader.Text()!, reader.Text()!, reader.Text()),
            8 => new TimerSet((int)reader.Number(), Time(ref reader)),
            9 => new EventSent((int)reader.Number(), reader.Text()!, reader.Text()!, reader.Text()),
            10 => new SuspendAsked(),
            11 => new ResumeAsked(),
            12 => new TerminateAsked(reader.Text(), reader.Byte() == 1),
            _ => throw new InvalidDataException($"The history holds an event of unknown kind {kind}; a newer build has written it."),
        };
    }

    private static DateTime Time(ref ByteReader reader) => new(reader.Number(), DateTimeKind.Utc);

    private static ByteWriter Write(ByteWriter writer, TaskFailureDetails failure)
    {
        writer.Text(failure.ErrorType).Text(failure.ErrorMessage).Text(failure.StackTrace);
        return failure.InnerFailure is { } cause ? Write(writer.Byte(1), cause) : writer.Byte(0);
    }

    private static TaskFailureDetails ReadFailure(ref ByteReader reader) => new(
        reader.Text()!, reader.Text()!, reader.Text(), reader.Byte() == 1 ? ReadFailure(ref reader) : null, null);
}
