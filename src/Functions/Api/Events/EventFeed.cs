using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Api.Events;

/// <summary>A view as it is now, for one event of a stream.</summary>
/// <param name="Kind"><c>tenant</c>, <c>run</c> or <c>task</c>.</param>
/// <param name="Key">What it is a view of; unique in its kind.</param>
/// <param name="Json">The view, as the call that reads it answers.</param>
internal sealed record ViewEvent(string Kind, string Key, byte[] Json)
{
    public static ViewEvent Of<T>(string kind, string key, T view, JsonTypeInfo<T> type) => new(kind, key, JsonSerializer.SerializeToUtf8Bytes(view, type));

    /// <summary>The run, and each of its tasks.</summary>
    public static IEnumerable<ViewEvent> Of(RunRecord run, RunView whole) => (whole.Tasks ?? [])
        .Select(task => Of("task", task.TaskId, task, ContractJson.Default.TaskView))
        .Append(Of("run", run.RunId, whole with { Tasks = null }, ContractJson.Default.RunView));

    /// <summary>The same in every process for the same view.</summary>
    public ulong Fingerprint()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes($"{Kind} {Key} "));
        sha.AppendData(Json);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

/// <summary>What a stream of events shows, read anew whenever something may have changed.</summary>
internal abstract class EventFeed
{
    /// <summary>Of views sent, by kind and key.</summary>
    private readonly Dictionary<(string Kind, string Key), ulong> _sent = [];

    /// <summary>Nothing more can come: the stream may end.</summary>
    public bool IsOver { get; protected set; }

    /// <summary>For the id of the last event of a look: what a caller that comes back has seen.</summary>
    public abstract string Position { get; }

    /// <summary>Over all views sent, in whatever order they were.</summary>
    protected ulong State { get; private set; }

    /// <summary>All that the stream begins with.</summary>
    /// <param name="since">The position the caller comes back with; null if it names none.</param>
    public abstract IAsyncEnumerable<ViewEvent> FirstAsync(string? since, CancellationToken cancellationToken);

    /// <summary>What may have changed; views that were sent as they are may be among it.</summary>
    public abstract IAsyncEnumerable<ViewEvent> NextAsync(CancellationToken cancellationToken);

    /// <summary>Whether the view differs from the one that was sent before.</summary>
    public bool IsNews(ViewEvent view)
    {
        var (key, fingerprint) = ((view.Kind, view.Key), view.Fingerprint());
        if (_sent.TryGetValue(key, out var before) && before == fingerprint)
            return false;
        _sent[key] = fingerprint;
        State ^= before ^ fingerprint;
        return true;
    }

    protected void Forget(string kind, string key)
    {
        if (_sent.Remove((kind, key), out var fingerprint))
            State ^= fingerprint;
    }
}
