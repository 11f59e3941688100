using System.Net;

namespace Headgate.Demo.Steps;

/// <summary>What the gate lets through.</summary>
internal static class GateSteps
{
    private const int Submitters = 40;

    public static readonly Step Cap = new("the cap is exact: 40 at once on Pro", async (stage, stop) =>
    {
        var limit = (await stage.Api.TenantAsync(Stage.Acme, stop)).Limits.MaxConcurrentRuns;
        var answers = await Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => stage.Api.TrySubmitAsync(Stage.Acme, Tasks.Sleeper("sleeper", "0.5"), stop)));
        var admitted = answers.Where(answer => answer.Status == HttpStatusCode.Accepted).ToList();
        var refused = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        if (admitted.Count != limit || refused.Count != Submitters - limit)
            throw new NotProvenException($"{admitted.Count} were admitted and {refused.Count} refused, of {Submitters} with a cap of {limit}");
        if (refused.Any(answer => answer.Headers.RetryAfter is null || answer.Text("code") != "concurrency-limit"))
            throw new NotProvenException("a refusal does not say when to come back");
        foreach (var answer in admitted)
            await stage.Api.EndAsync(Stage.Acme, answer.Text("runId")!, stop);
        return $"{admitted.Count} × 202, {refused.Count} × 429 with Retry-After";
    });

    public static readonly Step Slot = new("a finished run gives its slot back (Free: one at a time)", async (stage, stop) =>
    {
        var first = await stage.Api.SubmitAsync(Stage.Tiny, Tasks.Sleeper("first", "0.5"), stop);
        (await stage.Api.TrySubmitAsync(Stage.Tiny, Tasks.Sleeper("second", "0.1"), stop)).Expect(HttpStatusCode.TooManyRequests);
        await stage.Api.EndAsync(Stage.Tiny, first, stop);
        var second = await stage.Api.SubmitAsync(Stage.Tiny, Tasks.Sleeper("second", "0.1"), stop);
        await stage.Api.EndAsync(Stage.Tiny, second, stop);
        var tenant = await stage.Api.TenantAsync(Stage.Tiny, stop);
        return tenant is { InFlight: 0, RunsThisMonth: 2 }
            ? "429 while it ran, 202 once it had ended; in flight 0"
            : throw new NotProvenException($"the ledger counts {tenant.InFlight} in flight and {tenant.RunsThisMonth} this month");
    });

    public static readonly Step Pause = new("a paused tenant is refused, a resumed one served", async (stage, stop) =>
    {
        (await stage.Api.PostAsync($"/tenants/{Stage.Acme}/pause", stop)).Expect(HttpStatusCode.OK);
        var refused = (await stage.Api.TrySubmitAsync(Stage.Acme, Tasks.Sleeper("refused", "0.1"), stop)).Expect(HttpStatusCode.ServiceUnavailable);
        (await stage.Api.PostAsync($"/tenants/{Stage.Acme}/resume", stop)).Expect(HttpStatusCode.OK);
        var run = await stage.Api.EndAsync(Stage.Acme, await stage.Api.SubmitAsync(Stage.Acme, Tasks.Sleeper("served", "0.1"), stop), stop);
        return refused.Text("code") == "tenant-paused" && run.Status == "completed"
            ? $"503 {refused.Text("code")} with Retry-After {refused.Headers.RetryAfter}, then 202"
            : throw new NotProvenException($"refused with {refused.Text("code")}, then {run.Status}");
    });
}
