using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Access;

public class ObjectiveTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Objectives_AfterASubmission_CountItForTheOperator()
    {
        await ground.Client.SubmitAsync(await ground.TenantAsync());

        var reply = await ground.Client.ReadAsync("/slo");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        var items = reply.Body!["items"]!.AsArray();
        Assert.Contains(items, item => (string)item!["id"]! == "availability" && (string)item["plan"]! == "all" && (long)item["total"]! > 0);
        var latency = items.First(item => (string)item!["id"]! == "admission-latency")!;
        Assert.Equal(
            ["id", "plan", "description", "target", "window", "thresholdSeconds", "good", "total", "budgetLeft", "standing", "burnRates"], latency.AsObject().Select(field => field.Key));
        Assert.Equal(["5m", "30m", "1h", "6h", "3d"], latency["burnRates"]!.AsArray().Select(rate => (string)rate!["window"]!));
    }

    [SuiteFact]
    public async Task Objectives_ForATenantsOwner_AreRefused()
    {
        using var owner = await ground.MemberAsync(await ground.TenantAsync(), "owner");

        Refused.With(403, "insufficient-permission", await owner.ReadAsync("/slo"));
    }
}
