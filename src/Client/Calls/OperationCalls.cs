using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>The service itself.</summary>
public sealed class OperationCalls
{
    private readonly Wire _wire;

    internal OperationCalls(Wire wire) => _wire = wire;

    /// <summary>Who the key is, and what it may do.</summary>
    public Task<MeView> WhoAmIAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("me", ContractJson.Default.MeView, cancellationToken);

    /// <summary>Service level objectives, with what is left of their error budgets.</summary>
    public Task<ObjectivesView> ObjectivesAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("slo", ContractJson.Default.ObjectivesView, cancellationToken);

    public Task<AlertsView> AlertsAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("alerts", ContractJson.Default.AlertsView, cancellationToken);

    /// <param name="until">Null ends a silence.</param>
    /// <summary>Nobody is told of the alert until then.</summary>
    public Task SilenceAsync(string ruleId, DateTimeOffset? until, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Wire.Path($"alerts/{ruleId}/silence"), JsonSerializer.SerializeToUtf8Bytes(new SilenceRequest(until), ContractJson.Default.SilenceRequest), cancellationToken);

    public Task<QueuesView> QueuesAsync(CancellationToken cancellationToken = default) => _wire.GetAsync("queues", ContractJson.Default.QueuesView, cancellationToken);

    /// <summary>Whether the service reaches its stores, now: a no is told at once.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "ready");
        request.Options.Set(Retries.Never, true);
        using var answer = await _wire.AnswerAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Whether the process answers; needs no credentials.</summary>
    /// <returns>The service's own time, to the second; null if it doesn't tell.</returns>
    public async Task<DateTimeOffset?> HealthAsync(CancellationToken cancellationToken = default)
    {
        using var answer = await _wire.SendAsync(new HttpRequestMessage(HttpMethod.Get, "health"), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return answer.Headers.Date;
    }

    /// <summary>The version of the contract that the service's OpenAPI document tells; needs no credentials.</summary>
    public async Task<string?> VersionAsync(CancellationToken cancellationToken = default)
    {
        var document = await _wire.GetAsync("openapi.json", Wire.JsonElementType, cancellationToken);
        return document is { ValueKind: JsonValueKind.Object } && document.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object
            && info.TryGetProperty("version", out var version) ? version.GetString() : null;
    }
}
