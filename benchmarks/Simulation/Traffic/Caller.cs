using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;
using Headgate.Simulation.Wire;

namespace Headgate.Simulation.Traffic;

/// <summary>
/// A tenant's own program: submits runs, comes back when a refusal says so, gives up at last, asks after each run until it has ended, and
/// sometimes cancels one or sends the same submission twice.
/// </summary>
internal sealed class Caller(Tenant tenant, Api api, Observations seen, TimeProvider clock, long seed)
{
    /// <summary>Of one submission; then it is given up.</summary>
    private const int MostTries = 5;

    private const double RepeatChance = 0.02;
    private const double CancelChance = 0.01;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);
    private readonly RandomStream _arrivals = new(seed, $"arrivals of {tenant.Id}");
    private readonly RandomStream _runs = new(seed, $"runs of {tenant.Id}");
    private int _submitted;

    /// <summary>Submits until then.</summary>
    public async Task RunAsync(DateTimeOffset until)
    {
        while (true)
        {
            await Task.Delay(tenant.NextGap(clock.GetUtcNow(), _arrivals), clock);
            if (clock.GetUtcNow() >= until)
                return;
            for (var left = Tenant.RunsAtOnce(_arrivals); left > 0; left--)
                seen.Follow(CarryAsync());
        }
    }

    private async Task CarryAsync()
    {
        var name = $"{tenant.Id}-{++_submitted}";
        // Drawn before anything is awaited: what a run is does not rest on what happened to those before it.
        var chance = new RandomStream(seed, $"run {name}");
        var request = RunShape.Draw(name, chance);
        seen.Submitted();
        if (await AdmitAsync(name, request, chance) is not { } accepted)
            return;
        if (chance.Chance(CancelChance))
            seen.Follow(CancelAsync(accepted.RunId, chance.Gap(TimeSpan.FromSeconds(30))));
        await FollowAsync(accepted.RunId);
    }

    private async Task<RunAccepted?> AdmitAsync(string name, SubmitRunRequest request, RandomStream chance)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await SubmitAsync(name, request);
            if (answer.Status == 202)
            {
                var accepted = answer.Read(ContractJson.Default.RunAccepted);
                seen.Admitted(tenant, accepted);
                if (chance.Chance(RepeatChance))
                    seen.Repeated(answer, (await SubmitAsync(name, request)).Expect(202));
                return accepted;
            }

            var code = answer.Expect(429, 503, 403).Code;
            seen.Refused(code);
            if (answer.RetryAfter is not { } seconds || code == "monthly-limit" || tries == MostTries)
            {
                seen.GivenUp();
                return null;
            }

            await Task.Delay(TimeSpan.FromSeconds(seconds * chance.Between(1.0, 1.5)), clock);
        }
    }

    private Task<Answer> SubmitAsync(string name, SubmitRunRequest request) =>
        api.PostAsync($"/tenants/{tenant.Id}/runs", tenant.Key, request, ContractJson.Default.SubmitRunRequest, idempotencyKey: name);

    private async Task CancelAsync(string runId, TimeSpan after)
    {
        await Task.Delay(after, clock);
        var answer = await api.SendAsync("POST", $"/tenants/{tenant.Id}/runs/{runId}/cancel", tenant.Key, []);
        if (answer.Expect(202, 409).Status == 202)
            seen.CancelAsked();
    }

    private async Task FollowAsync(string runId)
    {
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            await Task.Delay(pause, clock);
            var answer = await api.GetAsync($"/tenants/{tenant.Id}/runs/{runId}", tenant.Key);
            var run = answer.Expect(200).Read(ContractJson.Default.RunView);
            if (run.FinishedAt is null)
                continue;
            seen.Finished(tenant, run);
            return;
        }
    }
}
