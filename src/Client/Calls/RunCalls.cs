using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>A change, as a stream of events tells it: one of the three is given, the others are null.</summary>
public sealed record HeadgateEvent(RunView? Run, TaskView? Task, TenantView? Tenant);

/// <summary>Runs and their tasks.</summary>
public sealed class RunCalls
{
    private readonly Wire _wire;

    internal RunCalls(Wire wire) => _wire = wire;

    /// <summary>Submits a run to the gate.</summary>
    /// <param name="idempotencyKey">1..255 printable ASCII characters; null: a new one, which makes repeating this one call harmless.</param>
    /// <param name="wait">1..30 seconds that the service may hold the call for a free slot; null: a full tenant refuses at once.</param>
    /// <exception cref="HeadgateException">It was refused: <c>concurrency-limit</c>, <c>monthly-limit</c>, <c>tenant-paused</c> and so on.</exception>
    public Task<RunAccepted> SubmitAsync(
        string tenantId, SubmitRunRequest run, string? idempotencyKey = null, TimeSpan? wait = null, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(
            HttpMethod.Post, Of(tenantId), run, ContractJson.Default.SubmitRunRequest, ContractJson.Default.RunAccepted, cancellationToken, request => Prepare(request, idempotencyKey, wait));

    /// <summary>As above, for a run that stands as JSON in a file.</summary>
    public Task<RunAccepted> SubmitAsync(
        string tenantId, ReadOnlyMemory<byte> runJson, string? idempotencyKey = null, TimeSpan? wait = null, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Of(tenantId), runJson.ToArray(), ContractJson.Default.RunAccepted, cancellationToken, request => Prepare(request, idempotencyKey, wait));

    /// <summary>Newest first, without their tasks.</summary>
    /// <param name="status">Null for all.</param>
    public IAsyncEnumerable<RunView> ListAsync(string tenantId, string? status = null, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Of(tenantId) + (status is null ? "" : Wire.Path($"?status={status}")), ContractJson.Default.PageRunView, cancellationToken);

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

    /// <summary>The run and its tasks as they are, then each as it changes, until the run is finished. A lost connection is taken up again.</summary>
    public IAsyncEnumerable<HeadgateEvent> WatchAsync(string tenantId, string runId, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(tenantId, runId) + "/events", cancellationToken);

    /// <summary>The tenant and its runs as they are, then whatever changes, until cancelled.</summary>
    public IAsyncEnumerable<HeadgateEvent> WatchAsync(string tenantId, CancellationToken cancellationToken = default) =>
        StreamAsync(Wire.Path($"tenants/{tenantId}/events"), cancellationToken);

    private async IAsyncEnumerable<HeadgateEvent> StreamAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (last is not null)
                request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
            using var response = await _wire.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
                yield break;

            var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
            await using var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(items))
            {
                last = items.Current.EventId ?? last;
                yield return Read(items.Current);
            }

            // Where nothing was told there is nothing to come back to.
            if (last is null)
                yield break;
            await Task.Delay(parser.ReconnectionInterval > TimeSpan.Zero ? parser.ReconnectionInterval : TimeSpan.FromSeconds(2), cancellationToken);
        }
    }

    // A connection that breaks is the stream's end as far as it came.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static HeadgateEvent Read(SseItem<string> item) => item.EventType switch
    {
        "run" => new(JsonSerializer.Deserialize(item.Data, ContractJson.Default.RunView), null, null),
        "task" => new(null, JsonSerializer.Deserialize(item.Data, ContractJson.Default.TaskView), null),
        "tenant" => new(null, null, JsonSerializer.Deserialize(item.Data, ContractJson.Default.TenantView)),
        _ => new(null, null, null),
    };

    private static void Prepare(HttpRequestMessage request, string? idempotencyKey, TimeSpan? wait)
    {
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
