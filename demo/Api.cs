using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Demo;

/// <summary>An answer, read.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? Text(string field) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(field, out var value) ? value.ToString() : null;

    public T Read<T>(JsonTypeInfo<T> type) => Body.Deserialize(type) ?? throw new NotProvenException("The answer is empty.");

    public Answer Expect(HttpStatusCode status) =>
        Status == status ? this : throw new NotProvenException($"expected {(int)status}, got {(int)Status}: {Body}");
}

/// <summary>Calls the service as any client would.</summary>
internal sealed class Api(string key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Changes when the service is started anew.</summary>
    public string Address { get; set; } = "";

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<Answer> PostAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, null, cancellationToken);

    public Task<Answer> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    public Task<Answer> PutAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    /// <param name="json">Only the fields that change.</param>
    public Task<Answer> PatchAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, path, System.Text.Encoding.UTF8.GetBytes(json), cancellationToken);

    public Task<Answer> TrySubmitAsync(string tenant, SubmitRunRequest run, CancellationToken cancellationToken) =>
        PostAsync($"/tenants/{tenant}/runs", run, ContractJson.Default.SubmitRunRequest, cancellationToken);

    public async Task<string> SubmitAsync(string tenant, SubmitRunRequest run, CancellationToken cancellationToken) =>
        (await TrySubmitAsync(tenant, run, cancellationToken)).Expect(HttpStatusCode.Accepted).Text("runId")!;

    public async Task<RunView> RunAsync(string tenant, string runId, CancellationToken cancellationToken) =>
        (await GetAsync($"/tenants/{tenant}/runs/{runId}", cancellationToken)).Expect(HttpStatusCode.OK).Read(ContractJson.Default.RunView);

    public async Task<TenantView> TenantAsync(string tenant, CancellationToken cancellationToken) =>
        (await GetAsync($"/tenants/{tenant}", cancellationToken)).Expect(HttpStatusCode.OK).Read(ContractJson.Default.TenantView);

    /// <summary>Asks again and again until the run is as wanted.</summary>
    public async Task<RunView> UntilAsync(string tenant, string runId, string what, Func<RunView, bool> wanted, CancellationToken cancellationToken)
    {
        RunView? last = null;
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline; await Task.Delay(50, cancellationToken))
        {
            last = await RunAsync(tenant, runId, cancellationToken);
            if (wanted(last))
                return last;
        }

        throw new NotProvenException($"run {runId} was not {what} within 30 s; it is {last?.Status}: {string.Join(", ", last?.Tasks?.Select(task => $"{task.Name} {task.Status}") ?? [])}");
    }

    public Task<RunView> EndAsync(string tenant, string runId, CancellationToken cancellationToken) =>
        UntilAsync(tenant, runId, "ended", run => run.FinishedAt is not null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        using var document = bytes.Length == 0 ? null : JsonDocument.Parse(bytes);
        return new Answer(response.StatusCode, document?.RootElement.Clone() ?? default, response.Headers);
    }
}
