using System.Diagnostics.CodeAnalysis;

namespace Headgate.Core.Plans;

public static class PlanTable
{
    public static Plan Free { get; } = new("free", "Free", new(1, 50, 3, 3, MaxPolicies: 20, MaxKeys: 20, MaxAgents: 10, MaxSchedules: 10), 0, 1, ["api-access"]);

    public static Plan Pro { get; } = new("pro", "Pro", new(5, 500, 20, 15, MaxAgents: 100), 4900, 2,
        ["multi-model", "advanced-analytics", "custom-webhooks", "api-access", "auto-push", "audit-logs"]);

    public static Plan Enterprise { get; } = new("enterprise", "Enterprise", new(20, 10000, 200, 100, MaxSchedules: 1_000), 29900, 4,
        ["multi-model", "priority-queue", "advanced-analytics", "custom-webhooks", "sso", "audit-logs", "api-access", "auto-push", "support-priority"]);

    private static readonly Plan[] Plans = [Free, Pro, Enterprise];

    public static IReadOnlyList<Plan> All => Plans;

    public static bool TryGet(string? id, [NotNullWhen(true)] out Plan? plan)
    {
        foreach (var candidate in Plans)
        {
            if (candidate.Id != id)
                continue;
            plan = candidate;
            return true;
        }

        plan = null;
        return false;
    }

    /// <exception cref="ArgumentException">There is no such plan: a stored row is damaged.</exception>
    public static Plan Get(string id) => TryGet(id, out var plan) ? plan : throw new ArgumentException($"No plan has the id '{id}'.", nameof(id));
}
