using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Fault.Tests.Disk;

/// <summary>Runs that a service has accepted, to be found again.</summary>
internal static class KeptRuns
{
    private static readonly string s_payload = new('x', 30_000);

    /// <summary>Submits until the service accepts no more, or so many.</summary>
    /// <returns>The ids of those it has answered for.</returns>
    public static async Task<List<string>> SubmitAsync(HttpClient client, string tenant, int most)
    {
        var accepted = new List<string>();
        try
        {
            while (accepted.Count < most)
            {
                var task = Bodies.Task("t0", "nobody-takes-it");
                task["payload"] = s_payload + accepted.Count;
                var reply = await client.SubmitAsync(tenant, Bodies.Run(task));
                if (reply.Status == HttpStatusCode.Accepted)
                {
                    accepted.Add(reply.RunId);
                    continue;
                }

                Assert.Equal((HttpStatusCode.ServiceUnavailable, "store-unavailable"), (reply.Status, reply.Code));
                break;
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // It has ended.
        }

        return accepted;
    }

    public static Task CreateAsync(HttpClient client, string tenant) =>
        client.CreateTenantAsync(tenant, "enterprise", new JsonObject { ["maxConcurrentRuns"] = 10_000, ["maxMonthlyRuns"] = 100_000 });

    public static async Task AllAreThereAsync(HttpClient client, string tenant, IReadOnlyList<string> accepted)
    {
        foreach (var runId in accepted)
            Assert.Equal(runId, (string?)(await client.RunAsync(tenant, runId))["runId"]);
        Assert.InRange(await client.InFlightAsync(tenant), accepted.Count, int.MaxValue);
    }
}
