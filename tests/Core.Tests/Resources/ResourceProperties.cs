using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Resources;

namespace Headgate.Core.Tests.Resources;

/// <summary>Properties that hold after any steps in any order.</summary>
public sealed class ResourceProperties
{
    private static readonly string[] s_types = ["backup", "prune", "other"];

    private static readonly Gen<Resource> AnyResource =
        from cap in Gen.Elements<int?>(null, 1, 2, 5)
        from limit in Gen.Elements<int?>(null, 0, 1)
        from failures in Gen.Choose(1, 4)
        from seconds in Gen.Elements(1, 60, 3600)
        let types = limit is { } most ? new Dictionary<string, int>(StringComparer.Ordinal) { ["prune"] = most } : []
        select Resource.Unknown.With(new ResourceRules(cap, types, failures, seconds));

    private static readonly Gen<Step[]> AnySteps =
        (from kind in Gen.Elements("admit", "admit", "admit", "settle", "settle", "settle", "hold", "release", "rules", "forget")
         from number in Gen.Choose(0, 1000)
         from evidence in Gen.Elements(Enum.GetValues<ResourceEvidence>())
         from retryAfter in Gen.Elements(0, 0, 0, 30, 86_400)
         from seconds in Gen.Elements(0, 1, 30, 90, 5000, -100)
         select new Step(kind, number, new ResourceSignal(evidence, retryAfter), seconds)).ArrayOf(60);

    [Fact]
    public void Users_AnySteps_NeverExceedALimit() =>
        ForAll((before, _, after, step) => step.Kind == "rules" || (
            (after.Users.Count <= before.Users.Count || after.Users.Count <= Math.Min(after.Rules.MaxConcurrent ?? 200, after.Ramp ?? 200))
            && after.Rules.TypeLimits.All(limit => Count(after, limit.Key) <= Math.Max(limit.Value, Count(before, limit.Key)))));

    [Fact]
    public void Phase_AnySteps_LeavesHeldOnlyByRelease() =>
        ForAll((before, _, after, step) => before.Phase != ResourcePhase.Held || step.Kind == "release" || after.Phase == ResourcePhase.Held);

    [Fact]
    public void Probe_AnySteps_ExistsOnlyWhileHalfOpen() =>
        ForAll((before, now, after, _) => (after.Probe is not null) == (after.Phase == ResourcePhase.HalfOpen)
            && (before.Probe is null || after.Probe is null || before.Probe == after.Probe)
            && (after.Phase != ResourcePhase.HalfOpen || after.Hindrance("backup", now) is { Cause: ResourceHindrance.Probing }));

    [Fact]
    public void Settle_EveryEndTwice_CountsOnce() =>
        ForAll((_, now, after, step) => step.Kind != "settle" || ReferenceEquals(after, after.Settle(step.Attempt, step.Signal, now)));

    [Fact]
    public void Until_AnySteps_IsAtMostADayAway() =>
        ForAll((_, now, after, _) => (after.Until is not null) == (after.Phase == ResourcePhase.Open)
            && !(after.Until > after.Since + TimeSpan.FromSeconds(ResourceSignal.RetryAfterCeiling + 100)));

    [Fact]
    public void Admit_Always_AgreesWithRoom() =>
        ForAll((_, now, after, _) => s_types.All(type => (after.Room(type, now) > 0) == (after.Hindrance(type, now) is null)));

    [Fact]
    public void Settle_AtTheEndOfTime_DoesNotOverflow()
    {
        var late = DateTimeOffset.MaxValue.AddSeconds(-1);
        var resource = Resource.Unknown.Settle(new("t", 1), new ResourceSignal(ResourceEvidence.Failed, 86_400), late);

        Assert.Equal(DateTimeOffset.MaxValue, resource.Until);
    }

    private static int Count(Resource resource, string type) => resource.Users.Count(user => user.Type == type);

    /// <param name="holds">Gets the resource before a step, the time, the resource after it, and the step.</param>
    private static void ForAll(Func<Resource, DateTimeOffset, Resource, Step, bool> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(AnyResource.ToArbitrary(), AnySteps.ToArbitrary(), (resource, steps) =>
            {
                var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
                foreach (var (index, drawn) in steps.Index())
                {
                    now = now.AddSeconds(drawn.Seconds);
                    var step = drawn.On(resource, index);
                    var after = step.Apply(resource, now);
                    if (!holds(resource, now, after, step))
                        return false;
                    resource = after;
                }

                return true;
            }));

    private sealed record Step(string Kind, int Number, ResourceSignal Signal, int Seconds)
    {
        public ResourceAttempt Attempt { get; private init; }

        /// <summary>A step that mostly concerns a current user.</summary>
        public Step On(Resource resource, int index) => this with
        {
            Attempt = Kind == "admit" ? new($"t{index}", 1)
                : Number % 3 == 0 && resource.Probe is { } probe ? probe
                : Number % 5 > 0 && resource.Users.Count > 0 ? resource.Users[Number % resource.Users.Count].Attempt
                : new($"t{Number % 60}", 1),
        };

        public Resource Apply(Resource resource, DateTimeOffset now) => Kind switch
        {
            "admit" => resource.Admit(Attempt, s_types[Number % 3], now) is ResourceAdmission.Admitted admitted ? admitted.After : resource,
            "settle" => resource.Settle(Attempt, Signal, now),
            "hold" when Number % 4 == 0 => resource.Hold("why", "who", now),
            "release" => resource.Release(now),
            "rules" => resource.With(resource.Rules with { MaxConcurrent = Number % 2 == 0 ? null : 1 + (Number % 7) }),
            "forget" when resource.Users.FirstOrDefault(user => user.Attempt == Attempt) is { } user => resource.Forget(Attempt, user.At, now),
            _ => resource,
        };
    }
}
