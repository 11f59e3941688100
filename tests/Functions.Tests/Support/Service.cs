using System.Text.Json;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Support;

/// <summary>One running service for all tests that speak HTTP; each makes tenants of its own.</summary>
public sealed class Service : IAsyncLifetime
{
    private LocalService _local = null!;

    public async Task InitializeAsync() => _local = await LocalService.StartAsync();

    public string Address => _local.Server.Address;

    public Task DisposeAsync() => _local.DisposeAsync().AsTask();

    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="key">Whose key; the operator's where null, nobody's where empty.</param>
    /// <param name="ifMatch">The header <c>If-Match</c>.</param>
    public async Task<Answer> SendAsync(string method, string path, string? body = null, string? key = null, string? ifMatch = null)
    {
        using var client = _local.NewClient(key is null ? _local.Server.OperatorKey.Text : key.Length == 0 ? null : key);
        var reply = await client.CallAsync(method, path, body, ifMatch is null ? [] : [("If-Match", ifMatch)]);
        var text = await reply.Message.Content.ReadAsStringAsync();
        return new Answer(
            (int)reply.Status,
            reply.Body is null ? default : JsonElement.Parse(text),
            reply.Header("ETag") ?? "",
            reply.Header("Location") ?? "");
    }

    /// <summary>A new tenant.</summary>
    public async Task<string> NewTenantAsync(string plan = "pro")
    {
        var id = $"t-{Guid.NewGuid():N}";
        Assert.Equal(201, (await SendAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"Tenant","plan":"{{plan}}"}""")).Status);
        return id;
    }

    /// <summary>A new key of the tenant.</summary>
    public async Task<string> NewKeyAsync(string tenantId, string role) =>
        (await SendAsync("POST", $"/tenants/{tenantId}/keys", $$"""{"name":"Key","role":"{{role}}"}""")).Body.GetProperty("key").GetString()!;
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, JsonElement Body, string ETag, string Location)
{
    public string? Code => Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>The body without what differs from call to call.</summary>
    public string Text
    {
        get
        {
            var fields = Body.EnumerateObject().Where(each => each.Name is not "requestId");
            return $"{{{string.Join(',', fields.Select(each => $"\"{each.Name}\":{each.Value.GetRawText()}"))}}}";
        }
    }
}

[CollectionDefinition("Service")]
public sealed class ServiceGroup : ICollectionFixture<Service>;
