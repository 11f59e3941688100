using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class AuditTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Export_OfAnAudit_IsAChainThatAnybodyCanFollow()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.PostAsync($"/tenants/{tenant}/pause", new JsonObject { ["reason"] = "größer" });
        await ground.Client.PostAsync($"/tenants/{tenant}/resume");

        var lines = await ExportAsync(tenant);

        Assert.Equal(["tenant.resumed", "tenant.paused", "tenant.created"], lines.Select(line => (string)line["action"]!));
        Assert.Equal([3, 2, 1], lines.Select(line => (int)line["sequence"]!));
        Assert.Equal(["id", "at", "actor", "action", "target", "reason", "requestId", "sequence", "previousHash", "hash"], lines[0].Fields());
        var previous = new string('0', 64);
        foreach (var line in Enumerable.Reverse(lines))
        {
            Assert.Equal(previous, (string?)line["previousHash"]);
            Assert.Equal(HashOf(tenant, line), previous = (string)line["hash"]!);
        }
    }

    [SuiteFact]
    public async Task Verify_OfATenantWithRuns_IsIntactAndNeverOverItsLimit()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxConcurrentRuns":2}""");
        var agent = await ground.AgentAsync(tenant);
        await ground.Client.SubmitAsync(tenant);
        await ground.Client.SubmitAsync(tenant);
        Refused.With(429, "concurrency-limit", await ground.Client.SubmitAsync(tenant));
        var task = await agent.ClaimOneAsync();
        await agent.OutcomeAsync(task);
        await ground.Client.EndAsync(tenant, (string)task["runId"]!);
        await ground.Client.SubmitAsync(tenant);

        var verified = (await ground.Client.ReadAsync($"/tenants/{tenant}/audit/verify")).Body!;

        Assert.Equal(
            ["rows", "from", "to", "chain", "brokenAt", "unchained", "isWhole", "peakInFlight", "overLimit", "transitions", "inFlightFrom", "inFlightTo"], verified.Fields());
        Assert.Equal(("intact", 0, true), ((string?)verified["chain"], (int)verified["unchained"]!, (bool)verified["isWhole"]!));
        Assert.Null(verified["brokenAt"]);
        Assert.Equal((await ExportAsync(tenant)).Count, (int)verified["rows"]!);
        Assert.Equal((2, 0, 4), ((int)verified["peakInFlight"]!, (int)verified["overLimit"]!, (int)verified["transitions"]!));
        Assert.True(verified["from"].Time() <= verified["to"].Time());
        Assert.True(verified["inFlightFrom"].Time() <= verified["inFlightTo"].Time());
    }

    [SuiteFact]
    public async Task Verify_ByAViewerOrAStranger_IsRefused()
    {
        var (mine, theirs) = (await ground.TenantAsync(), await ground.TenantAsync());
        using var viewer = await ground.MemberAsync(mine, "viewer");
        using var admin = await ground.MemberAsync(mine, "admin");

        Refused.With(403, "insufficient-permission", await viewer.ReadAsync($"/tenants/{mine}/audit/verify"));
        Refused.With(404, "tenant-not-found", await admin.ReadAsync($"/tenants/{theirs}/audit/verify"));
        Assert.Equal(HttpStatusCode.OK, (await admin.ReadAsync($"/tenants/{mine}/audit/verify")).Status);
    }

    private async Task<List<JsonNode>> ExportAsync(string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tenants/{tenant}/audit") { Headers = { { "Accept", "application/x-ndjson" } } };
        using var answer = await ground.Client.SendAsync(request);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        return [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    // As the contract tells it, from the line alone.
    private static string HashOf(string tenant, JsonNode line)
    {
        var bytes = new MemoryStream();
        bytes.Write(Convert.FromHexString((string)line["previousHash"]!));
        Number((long)line["sequence"]!);
        Number(line["at"].Time().ToUnixTimeMilliseconds());
        foreach (var text in new[] { tenant, (string?)line["actor"], (string?)line["action"], (string?)line["target"], (string?)line["reason"], (string?)line["requestId"] })
        {
            var encoded = text is null ? [] : Encoding.UTF8.GetBytes(text);
            bytes.Write([.. BitConverter.GetBytes(text is null ? -1 : encoded.Length).Reverse()]);
            bytes.Write(encoded);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));

        void Number(long value) => bytes.Write([.. BitConverter.GetBytes(value).Reverse()]);
    }
}
