using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Agent.Options;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Connection;

/// <summary>The service's agent calls. Answers are values; nothing is repeated here, and nothing thrown but cancellation.</summary>
internal sealed class ServiceClient : IDisposable
{
    /// <summary>A full claim is 100 payloads of 32 KiB and their escaping.</summary>
    private const int MaxAnswerBytes = 32 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="key">Sent with every call; never in a redirect, since none is followed.</param>
    /// <param name="session">Likewise; null where the caller is no running agent.</param>
    public ServiceClient(Uri service, string key, TimeSpan timeout, TimeProvider time, string? session = null)
        : this(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !service.IsLoopback }, service, key, timeout, time)
    {
        if (session is not null)
            _http.DefaultRequestHeaders.Add(AgentSession.Header, session);
    }

    /// <param name="handler">What carries the calls; the client's own from now on.</param>
    internal ServiceClient(HttpMessageHandler handler, Uri service, string key, TimeSpan timeout, TimeProvider time)
    {
        _http = new HttpClient(handler) { BaseAddress = service, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _timeout = timeout;
        _time = time;
    }

    public Task<Answer<AgentRegistered>> RegisterAsync(RegisterAgentRequest request, CancellationToken stop) =>
        PostAsync("agents", request, ContractJson.Default.RegisterAgentRequest, ContractJson.Default.AgentRegistered, a => a.AgentId is not null && AgentIdentity.IsAgentId(a.AgentId), _timeout, stop);

    public Task<Answer<HeartbeatAnswer>> HeartbeatAsync(string agentId, HeartbeatRequest request, CancellationToken stop) =>
        PostAsync($"agents/{agentId}/heartbeat", request, ContractJson.Default.HeartbeatRequest, ContractJson.Default.HeartbeatAnswer, a => a is { NextHeartbeatSeconds: > 0, Cancel: not null, Lost: not null }, _timeout, stop);

    public Task<Answer<ClaimAnswer>> ClaimAsync(string agentId, ClaimRequest request, CancellationToken stop) =>
        PostAsync(
            $"agents/{agentId}/tasks/claim", request, ContractJson.Default.ClaimRequest, ContractJson.Default.ClaimAnswer, a => a.Tasks is not null, _timeout + TimeSpan.FromSeconds(request.WaitSeconds), stop);

    public Task<Answer<TaskResultsAnswer>> ReportAsync(string agentId, TaskResultsRequest request, CancellationToken stop) =>
        PostAsync($"agents/{agentId}/task-results", request, ContractJson.Default.TaskResultsRequest, ContractJson.Default.TaskResultsAnswer, a => a.Results is not null, _timeout, stop);

    public void Dispose() => _http.Dispose();

    /// <param name="isWhole">Whether the answer holds what the contract says it must: JSON of somebody else does not.</param>
    private async Task<Answer<TAnswer>> PostAsync<TRequest, TAnswer>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, Func<TAnswer, bool> isWhole, TimeSpan timeout, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, requestType));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (!response.IsSuccessStatusCode)
                return Refusal<TAnswer>(response, body);
            return JsonSerializer.Deserialize(body, answerType) is { } answer && isWhole(answer) ? new Answer<TAnswer>.Given(answer) : NotOurs<TAnswer>();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Answer<TAnswer>.Unreachable($"no answer within {timeout.TotalSeconds:0} s");
        }
        // A peer that goes between connecting and the first byte makes the handler throw the socket's exception as it is.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new Answer<TAnswer>.Unreachable(e.InnerException?.Message ?? e.Message);
        }
        catch (JsonException)
        {
            return NotOurs<TAnswer>();
        }
    }

    private static Answer<T>.Unreachable NotOurs<T>() => new("the answer is not what the service's contract says");

    private Answer<T>.Refused Refusal<T>(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var after = RetryAfter(response.Headers);
        try
        {
            var error = JsonSerializer.Deserialize(body, ContractJson.Default.ErrorBody);
            var details = string.Join("; ", error?.Details?.Select(d => $"{d.Path} {d.Message}") ?? []);
            if (error is { Error.Length: > 0, Code.Length: > 0, RequestId.Length: > 0 })
                return new Answer<T>.Refused(status, error.Code, details.Length == 0 ? error.Error : $"{error.Error}: {details}", after);
        }
        catch (JsonException)
        {
            // Somebody else's page.
        }

        return new Answer<T>.Refused(status, "", $"{response.ReasonPhrase}: not an answer of the service", after);
    }

    /// <summary>A date counts by the clock of who sent it, where that is known: the one here may be wrong.</summary>
    private TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date - (headers.Date ?? _time.GetUtcNow()));
}
