using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>A change, as a stream of events tells it: one of the three is given, the others are null.</summary>
public sealed record HeadgateEvent(RunView? Run, TaskView? Task, TenantView? Tenant);

/// <summary>Runs and their tasks.</summary>
public sealed class RunCalls
{
    private const int LongestKey = 255;
    private const int LongestWait = 30;

    private readonly Wire _wire;

    internal RunCalls(Wire wire) => _wire = wire;

    /// <summary>Submits a run to the gate.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="run">What is to be done.</param>
    /// <param name="idempotencyKey">1..255 printable ASCII characters; null: a new one, which makes repeating this one call harmless.</param>
    /// <param name="wait">1..30 seconds that the service may hold the call for a free slot; null: a full tenant refuses at once.</param>
    /// <param name="cancellationToken">Leaves open whether the run was taken.</param>
    /// <exception cref="HeadgateException">It was refused: <c>concurrency-limit</c>, <c>monthly-limit</c>, <c>tenant-paused</c> and so on.</exception>
    public Task<Submission> SubmitAsync(
        string tenantId, SubmitRunRequest run, string? idempotencyKey = null, TimeSpan? wait = null, CancellationToken cancellationToken = default) =>
        SubmitAsync(tenantId, JsonSerializer.SerializeToUtf8Bytes(run, ContractJson.Default.SubmitRunRequest), idempotencyKey, wait, cancellationToken);

    /// <summary>As above, for a run that stands as JSON in a file.</summary>
    public Task<Submission> SubmitAsync(
        string tenantId, ReadOnlyMemory<byte> runJson, string? idempotencyKey = null, TimeSpan? wait = null, CancellationToken cancellationToken = default)
    {
        var request = Wire.Request(HttpMethod.Post, Of(tenantId), runJson.ToArray());
        Prepare(request, idempotencyKey, wait);
        return _wire.SubmitAsync(request, cancellationToken);
    }

    /// <summary>Newest first, without their tasks.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="status">Null for all.</param>
    /// <param name="pageSize">How many are read at once, 1..100.</param>
    public IAsyncEnumerable<RunView> ListAsync(string tenantId, string? status = null, int pageSize = Wire.LargestPage, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Of(tenantId) + (status is null ? "" : Wire.Path($"?status={status}")), ContractJson.Default.PageRunView, cancellationToken, pageSize);

    public Task<RunView> GetAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId, runId), ContractJson.Default.RunView, cancellationToken);

    public async Task<IReadOnlyList<TimelineItem>> TimelineAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        (await _wire.GetAsync(Of(tenantId, runId) + "/timeline", ContractJson.Default.PageTimelineItem, cancellationToken)).Items;

    /// <summary>Asks for the run's end; asking again changes nothing.</summary>
    public Task<RunView> CancelAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Of(tenantId, runId) + "/cancel", null, ContractJson.Default.RunView, cancellationToken, MayRepeat);

    /// <summary>What holds the run, what would cure it, and when it is expected to start.</summary>
    public Task<ExplainView> ExplainAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId, runId) + "/explain", ContractJson.Default.ExplainView, cancellationToken);

    public Task<ExplainView> ExplainTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Wire.Path($"tasks/{taskId}/explain"), ContractJson.Default.ExplainView, cancellationToken);

    public Task<TaskView> GetTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Wire.Path($"tasks/{taskId}"), ContractJson.Default.TaskView, cancellationToken);

    /// <summary>
    /// The run and its tasks as they are, then each as it changes, until the run is finished. A lost connection is taken up again; the last event of a
    /// run tells its end.
    /// </summary>
    /// <exception cref="HttpRequestException">The stream broke ten times in a row.</exception>
    public IAsyncEnumerable<HeadgateEvent> WatchAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(tenantId, runId) + "/events", runId, cancellationToken);

    /// <summary>The tenant and its runs as they are, then whatever changes, until cancelled.</summary>
    /// <inheritdoc cref="WatchAsync(string, string, CancellationToken)"/>
    public IAsyncEnumerable<HeadgateEvent> WatchAsync(string tenantId, CancellationToken cancellationToken = default) =>
        StreamAsync(Wire.Path($"tenants/{tenantId}/events"), null, cancellationToken);

    private async IAsyncEnumerable<HeadgateEvent> StreamAsync(string path, string? runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var feed = new EventFeed(_wire, path);
        while (await feed.NextAsync(cancellationToken) is { } item)
        {
            // A newer service may tell of other things too.
            if (Read(item) is not { } told)
                continue;
            if (told.Run is { Status: "completed" or "failed" or "cancelled" } ended && ended.RunId == runId)
                feed.IsOver = true;
            yield return told;
        }
    }

    private static HeadgateEvent? Read(SseItem<string> item)
    {
        try
        {
            return item.EventType switch
            {
                "run" => new(Of(item, ContractJson.Default.RunView), null, null),
                "task" => new(null, Of(item, ContractJson.Default.TaskView), null),
                "tenant" => new(null, null, Of(item, ContractJson.Default.TenantView)),
                _ => null,
            };
        }
        catch (JsonException failure)
        {
            throw new HttpRequestException($"An event '{item.EventType}' is not one of the service's.", failure);
        }
    }

    private static T? Of<T>(SseItem<string> item, JsonTypeInfo<T> type) => Wire.Read(Encoding.UTF8.GetBytes(item.Data), type);

    private static void Prepare(HttpRequestMessage request, string? idempotencyKey, TimeSpan? wait)
    {
        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > LongestKey || idempotencyKey.Any(c => c is < ' ' or > '~')))
            throw new ArgumentException($"An idempotency key is 1 to {LongestKey} printable ASCII characters.", nameof(idempotencyKey));
        if (wait is { TotalSeconds: < 1 or > LongestWait })
            throw new ArgumentOutOfRangeException(nameof(wait), wait, $"The service waits 1 to {LongestWait} seconds.");
        request.Headers.TryAddWithoutValidation(Wire.IdempotencyKey, idempotencyKey ?? Wire.NewIdempotencyKey());
        MayRepeat(request);
        if (wait is { } longest)
        {
            request.Headers.TryAddWithoutValidation("Prefer", string.Create(null, $"wait={(int)Math.Ceiling(longest.TotalSeconds)}"));
            request.Options.Set(Retries.AsksToWait, longest);
        }
    }

    private static void MayRepeat(HttpRequestMessage request) => request.Options.Set(Retries.MayRepeat, true);

    private static string Of(string tenantId) => Wire.Path($"tenants/{tenantId}/runs");

    private static string Of(string tenantId, string runId) => Wire.Path($"tenants/{tenantId}/runs/{runId}");
}
