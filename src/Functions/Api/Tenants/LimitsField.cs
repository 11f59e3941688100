using Headgate.Core.Plans;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Tenants;

/// <summary>The field <c>limits</c>: a number overrides the plan's limit, null clears the override, absent leaves it.</summary>
internal sealed class LimitsField
{
    private readonly Limit _concurrentRuns;
    private readonly Limit _monthlyRuns;
    private readonly Limit _repos;
    private readonly Limit _members;

    private LimitsField(ObjectReader fields)
    {
        _concurrentRuns = Limit.Read(fields, "maxConcurrentRuns");
        _monthlyRuns = Limit.Read(fields, "maxMonthlyRuns");
        _repos = Limit.Read(fields, "maxRepos");
        _members = Limit.Read(fields, "maxMembers");
        fields.End();
    }

    /// <summary>Null where there is no such field.</summary>
    public static LimitsField? Read(ObjectReader fields) => fields.Object("limits") is { } limits ? new LimitsField(limits) : null;

    public LimitOverrides ApplyTo(LimitOverrides overrides) => new(
        _concurrentRuns.ApplyTo(overrides.MaxConcurrentRuns),
        _monthlyRuns.ApplyTo(overrides.MaxMonthlyRuns),
        _repos.ApplyTo(overrides.MaxRepos),
        _members.ApplyTo(overrides.MaxMembers));

    private readonly record struct Limit(bool Clears, int? Value)
    {
        public static Limit Read(ObjectReader fields, string name) => new(fields.IsNull(name), fields.Int(name, 0, LimitOverrides.Ceiling));

        public int? ApplyTo(int? current) => Clears ? null : Value ?? current;
    }
}
