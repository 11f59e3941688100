using System.Text.Json;
using Headgate.Engine.History;
using Headgate.Engine.Instances.Records;
using Headgate.Storage.Log;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances;

/// <summary>An instance, without its history and inbox.</summary>
internal sealed record InstanceRow : IInstanceRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>New with every start and generation, so that answers to earlier ones are recognized.</summary>
    public required long Execution { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last changed, by the engine's clock, as is <see cref="Due"/>.</summary>
    public required DateTimeOffset Updated { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public ParentLink? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>When to wake the instance, in ticks: <see cref="AtOnce"/> while it has to begin or activities are out, else its earliest timer or start; null if only an event can wake it.</summary>
    public long? Due { get; init; }

    /// <summary>The next start of the process must resume the instance.</summary>
    public const long AtOnce = 0;

    public bool Ended => Status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    byte ILogRecord.Kind => InstanceLogClient.Row;

    public static InstanceRow Decode(ref ByteReader fields) => new()
    {
        Id = fields.Text()!,
        Name = fields.Text()!,
        Execution = fields.Number(),
        Status = (OrchestrationRuntimeStatus)fields.Byte(),
        Created = new(fields.Number(), TimeSpan.Zero),
        Updated = new(fields.Number(), TimeSpan.Zero),
        Due = DecodeDue(ref fields),
        Input = fields.Text(),
        Output = fields.Text(),
        CustomStatus = fields.Text(),
        Failure = fields.Blob() is { Length: > 0 } failure ? HistoryCodec.DecodeFailure(failure) : null,
        Parent = ParentLink.Decode(ref fields),
        Tags = fields.Text() is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags) : null,
    };

    public static long? DecodeDue(ref ByteReader fields) => fields.Number() - 1 is >= 0 and var due ? due : null;

    void ILogRecord.Encode(ByteWriter fields) => fields
        .Text(Id).Text(Name).Number(Execution).Byte((byte)Status).Number(Created.UtcTicks).Number(Updated.UtcTicks)
        .Number((Due ?? -1) + 1).Text(Input).Text(Output).Text(CustomStatus)
        .Blob(HistoryCodec.Encode(Failure))
        .Text(Parent?.InstanceId).Text(Parent?.Name).Number(Parent?.TaskId ?? 0).Number(Parent?.Execution ?? 0)
        .Text(Tags is { Count: > 0 } ? JsonSerializer.Serialize(Tags) : null);

    void IInstanceRecord.ApplyTo(PendingInstance pending) => pending.Become(this);
}

/// <summary>The call that started a sub-orchestration.</summary>
internal sealed record ParentLink(string InstanceId, string Name, int TaskId, long Execution)
{
    /// <returns>Null if there is no parent.</returns>
    public static ParentLink? Decode(ref ByteReader fields)
    {
        var (id, name, task, execution) = (fields.Text(), fields.Text(), (int)fields.Number(), fields.Number());
        return id is null ? null : new(id, name!, task, execution);
    }
}

/// <summary>An event that waits for its instance.</summary>
/// <param name="Number">Its place in the inbox. Zero if it is not on disk, because it can be made again.</param>
/// <param name="Execution">The execution it is for; zero for any.</param>
/// <param name="Event">The event.</param>
internal readonly record struct InboxItem(long Number, long Execution, History.HistoryEvent Event);
