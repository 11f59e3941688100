using System.Globalization;
using System.Net;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Demo.Steps;

/// <summary>Service, tenants and agents.</summary>
internal static class Begin
{
    /// <summary>Short waits, so that the demonstration is.</summary>
    public const string QuickPolicy = "quick";

    public const double QuickBaseSeconds = 0.3;

    public static readonly Step Serve = new("the service starts on an empty folder", async (stage, stop) =>
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await stage.StartServiceAsync(stop);
        return string.Create(CultureInfo.InvariantCulture, $"{stage.Api.Address} after {clock.Elapsed.TotalSeconds:F1} s");
    });

    public static readonly Step Populate = new("two tenants on two plans, two agents", async (stage, stop) =>
    {
        await stage.CreateTenantAsync(Stage.Acme, "Acme", "pro", stop);
        await stage.CreateTenantAsync(Stage.Tiny, "Tiny", "free", stop);
        var quick = new PolicyRequest(MaxRetries: 3, BaseSeconds: QuickBaseSeconds, MaxSeconds: 1, Jitter: 0, Factor: 2);
        (await stage.Api.PutAsync($"/tenants/{Stage.Acme}/policies/{QuickPolicy}", quick, ContractJson.Default.PolicyRequest, stop)).Expect(HttpStatusCode.OK);
        await Task.WhenAll(stage.StartAgentAsync("alpha", stop), stage.StartAgentAsync("beta", stop));

        var acme = await stage.Api.TenantAsync(Stage.Acme, stop);
        var tiny = await stage.Api.TenantAsync(Stage.Tiny, stop);
        return $"acme: pro, {acme.Limits.MaxConcurrentRuns} runs at once; tiny: free, {tiny.Limits.MaxConcurrentRuns}; agents alpha and beta";
    });
}
