using Headgate.Core.Failures;
using Headgate.Core.Resources;

namespace Headgate.Core.Tests.Resources;

public sealed class ResourceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResourceSignal Worked = new(ResourceEvidence.Worked);
    private static readonly ResourceSignal Failed = new(ResourceEvidence.Failed);
    private static readonly ResourceSignal Refused = new(ResourceEvidence.Refused);
    private static readonly ResourceSignal Nothing = new(ResourceEvidence.None);

    [Theory]
    [InlineData(FailureClass.Network, ResourceEvidence.Failed)]
    [InlineData(FailureClass.Resource, ResourceEvidence.Failed)]
    [InlineData(FailureClass.Timeout, ResourceEvidence.Failed)]
    [InlineData(FailureClass.Auth, ResourceEvidence.Refused)]
    [InlineData(FailureClass.Permanent, ResourceEvidence.Answered)]
    [InlineData(FailureClass.Unknown, ResourceEvidence.Unclear)]
    [InlineData(FailureClass.LostAgent, ResourceEvidence.None)]
    [InlineData(FailureClass.Cancelled, ResourceEvidence.None)]
    public void Of_EachFailureClass_GivesItsEvidence(FailureClass failure, ResourceEvidence evidence) =>
        Assert.Equal(evidence, ResourceSignal.Of(failure).Evidence);

    [Fact]
    public void Admit_UnknownResource_LetsInAndWritesNothing() => Assert.Same(Resource.Unknown, In(Resource.Unknown, 1));

    [Fact]
    public void Settle_UnknownResourceThatWorked_WritesNothing() => Assert.Same(Resource.Unknown, Resource.Unknown.Settle(Attempt(1), Worked, Now));

    [Fact]
    public void Admit_AtTheCap_KeepsBackUntilOneEnds()
    {
        var full = In(In(Capped(2), 1), 2);

        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Full), full.Admit(Attempt(3), "backup", Now));
        Assert.Equal(1, full.Settle(Attempt(1), Nothing, Now).Room(null, Now));
    }

    [Fact]
    public void Admit_AtTheLimitOfAType_KeepsBackThatTypeAlone()
    {
        var prune = Resource.Unknown.With(new ResourceRules(null, new Dictionary<string, int> { ["prune"] = 1 }));
        var busy = In(prune, 1, "prune");

        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Full, "prune"), busy.Admit(Attempt(2), "prune", Now));
        Assert.Same(busy, In(busy, 3));
    }

    [Fact]
    public void Settle_FailuresInARow_OpenIt()
    {
        var failing = Fail(Resource.Unknown, 4);
        Assert.Equal(ResourcePhase.Closed, failing.Phase);

        var open = failing.Settle(Attempt(99), Failed, Now);

        Assert.Equal((ResourcePhase.Open, Now.AddSeconds(60)), (open.Phase, open.Until));
        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Open, Until: open.Until), open.Admit(Attempt(100), "backup", Now.AddSeconds(59.9)));
    }

    [Fact]
    public void Settle_SuccessBetween_RestartsTheCount()
    {
        var resource = Fail(Resource.Unknown, 4).Settle(Attempt(50), Worked, Now);

        Assert.True(resource.IsUnknown);
        Assert.Equal(ResourcePhase.Closed, Fail(resource, 4).Phase);
    }

    [Fact]
    public void Settle_FailureOfTheTasksOwnBetween_RestartsTheCountButRaisesNoRamp()
    {
        var resource = Fail(Resource.Unknown, 4).Settle(Attempt(50), ResourceSignal.Of(FailureClass.Permanent), Now);
        Assert.Empty(resource.Failures);
        Assert.Same(resource, resource.Settle(Attempt(51), ResourceSignal.Of(FailureClass.Permanent), Now));
        Assert.Equal(ResourcePhase.Closed, Fail(resource, 4).Phase);

        var ramped = In(Resource.Unknown.Hold("why", null, Now).Release(Now), 1);
        Assert.Equal(1, ramped.Settle(Attempt(1), ResourceSignal.Of(FailureClass.Permanent), Now).Ramp);
    }

    [Theory]
    [InlineData(ResourceEvidence.Unclear)]
    [InlineData(ResourceEvidence.None)]
    public void Settle_NoEvidenceBetween_KeepsTheCount(ResourceEvidence evidence)
    {
        var resource = Fail(Resource.Unknown, 4);

        Assert.Same(resource, resource.Settle(Attempt(50), new ResourceSignal(evidence), Now));
    }

    [Fact]
    public void Admit_OpenAndItsTimeOver_SendsOneProbe()
    {
        var open = Fail(Resource.Unknown, 5);
        var later = Now.AddSeconds(60);

        var probing = In(open, 10, at: later);

        Assert.Equal((ResourcePhase.HalfOpen, Attempt(10)), (probing.Phase, probing.Probe));
        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Probing), probing.Admit(Attempt(11), "backup", later));
    }

    [Fact]
    public void Settle_ProbeWorked_ClosesAndAdmitsTwoAtOnce()
    {
        var closed = Probing(out var at).Settle(Attempt(10), Worked, at);

        Assert.Equal((ResourcePhase.Closed, 0, 2), (closed.Phase, closed.TimesOpened, closed.Room(null, at)));
    }

    [Theory]
    [InlineData(FailureClass.Permanent)]
    [InlineData(FailureClass.Unknown)]
    public void Settle_ProbeFailedForItsOwnReason_Closes(FailureClass failure) =>
        Assert.Equal(ResourcePhase.Closed, Probing(out var at).Settle(Attempt(10), ResourceSignal.Of(failure), at).Phase);

    [Fact]
    public void Settle_ProbeFailed_OpensForTwiceAsLong()
    {
        var open = Probing(out var at).Settle(Attempt(10), Failed, at);

        Assert.Equal((ResourcePhase.Open, at.AddSeconds(120)), (open.Phase, open.Until));
    }

    [Fact]
    public void Settle_ProbeShowsNothing_AdmitsTheNextAtOnce()
    {
        var open = Probing(out var at).Settle(Attempt(10), Nothing, at);

        Assert.Equal((ResourcePhase.Open, 1), (open.Phase, open.TimesOpened));
        Assert.Equal(Attempt(11), In(open, 11, at: at).Probe);
    }

    [Fact]
    public void Settle_OthersDuringAProbe_ChangeNothing()
    {
        var probing = Probing(out var at);

        Assert.Same(probing, probing.Settle(Attempt(3), Worked, at));
        Assert.Same(probing, probing.Settle(Attempt(4), Failed, at));
    }

    [Fact]
    public void Settle_ProbesFailForEver_StaysOpenForAtMostAnHour()
    {
        var (resource, at) = (Fail(Resource.Unknown, 5), Now);
        for (var i = 0; i < 2000; i++)
        {
            at = resource.Until!.Value;
            resource = In(resource, i + 100, at: at).Settle(Attempt(i + 100), Failed, at);
            Assert.True(resource.Until - at <= TimeSpan.FromHours(1));
        }

        Assert.Equal(at.AddHours(1), resource.Until);
    }

    [Fact]
    public void Settle_AskedToWait_OpensUntilThen()
    {
        var open = Resource.Unknown.Settle(Attempt(1), new ResourceSignal(ResourceEvidence.Failed, 600), Now);

        Assert.Equal((ResourcePhase.Open, Now.AddSeconds(600), 0), (open.Phase, open.Until, open.TimesOpened));
        Assert.Equal(Now.AddSeconds(900), open.Settle(Attempt(2), new ResourceSignal(ResourceEvidence.Failed, 900), Now).Until);
        Assert.Equal(Now.AddSeconds(600), open.Settle(Attempt(3), new ResourceSignal(ResourceEvidence.Failed, 5), Now).Until);
    }

    [Fact]
    public void Settle_RefusedCredentials_HoldsUntilReleased()
    {
        var held = Resource.Unknown.Settle(Attempt(1), Refused, Now);

        Assert.Equal((ResourcePhase.Held, null), (held.Phase, held.By));
        Assert.Contains("t1", held.Reason, StringComparison.Ordinal);
        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Held), held.Admit(Attempt(2), "backup", Now.AddYears(1)));
        Assert.Same(held, held.Settle(Attempt(2), Worked, Now));
    }

    [Fact]
    public void Settle_SameRefusalAfterTheRelease_DoesNotHoldAgain()
    {
        var released = Resource.Unknown.Settle(Attempt(1), Refused, Now).Release(Now);

        Assert.Same(released, released.Settle(Attempt(1), Refused, Now));
        Assert.Equal(ResourcePhase.Held, released.Settle(Attempt(2), Refused, Now).Phase);
    }

    [Fact]
    public void Release_OfAHeldOne_AdmitsOneAndMoreWithEachSuccess()
    {
        var resource = Resource.Unknown.Hold("broken", "someone", Now).Release(Now);

        var (next, atOnce) = (0, new List<int>());
        for (var round = 0; round < 4; round++)
        {
            var first = next;
            while (resource.Room(null, Now) > 0)
                resource = In(resource, next++);
            atOnce.Add(next - first);
            for (var i = first; i < next; i++)
                resource = resource.Settle(Attempt(i), Worked, Now);
        }

        Assert.Equal([1, 2, 4, 8], atOnce);
    }

    [Fact]
    public void Release_RampReachesTheCap_EndsThere()
    {
        var resource = Capped(2).Hold("broken", "someone", Now).Release(Now);
        Assert.Equal(1, resource.Room(null, Now));

        resource = In(resource, 1).Settle(Attempt(1), Worked, Now);

        Assert.Equal((null, 2), (resource.Ramp, resource.Room(null, Now)));
    }

    [Fact]
    public void Release_OnlySuccesses_IsUnknownInTheEnd()
    {
        var resource = Resource.Unknown.Hold("broken", "someone", Now).Release(Now);
        for (var i = 0; i < Resource.RampEnd; i++)
            resource = In(resource, i).Settle(Attempt(i), Worked, Now);

        Assert.True(resource.IsUnknown);
    }

    [Fact]
    public void Forget_TaskNotHandedOut_RestoresTheResource()
    {
        var open = Fail(Capped(3), 5);
        var at = Now.AddSeconds(60);
        var probing = In(open, 10, at: at);

        Assert.Same(probing, probing.Forget(Attempt(10), at.AddMilliseconds(1), at));
        var again = probing.Forget(Attempt(10), at, at);

        Assert.Equal((ResourcePhase.Open, 1, 0), (again.Phase, again.Room(null, at), again.Users.Count));
    }

    [Fact]
    public void With_LowerCap_KeepsItsUsers()
    {
        var resource = In(In(In(Capped(5), 1), 2), 3).With(new ResourceRules(1, ResourceRules.Default.TypeLimits));

        Assert.Equal((3, 0), (resource.Users.Count, resource.Room(null, Now)));
        Assert.Empty(resource.With(ResourceRules.Default).Users);
    }

    [Fact]
    public void Hindrance_ClockSetBackWhileOpen_IsNull()
    {
        var open = Fail(Resource.Unknown, 5);

        Assert.Null(open.Hindrance("backup", Now.AddDays(-1)));
    }

    [Fact]
    public void IsUnknown_AnythingKnown_No()
    {
        Resource[] known =
        [
            Resource.Unknown.With(ResourceRules.Default), Resource.Unknown.Hold("why", null, Now), Resource.Unknown.Hold("why", null, Now).Release(Now),
            Resource.Unknown with { Users = [new(Attempt(1), "backup", Now)] }, Fail(Resource.Unknown, 1),
        ];

        Assert.All(known, resource => Assert.False(resource.IsUnknown));
        Assert.True(Resource.Unknown.IsUnknown);
    }

    [Fact]
    public void CountsUsers_AnyLimit_Yes()
    {
        Assert.True(Capped(1).CountsUsers);
        Assert.True(Resource.Unknown.Hold("why", null, Now).Release(Now).CountsUsers);
        Assert.True(Resource.Unknown.With(ResourceRules.Default with { TypeLimits = new Dictionary<string, int> { ["prune"] = 1 } }).CountsUsers);
        Assert.False(Resource.Unknown.With(ResourceRules.Default).CountsUsers);
    }

    [Fact]
    public void Admit_AsManyUsersAsAColumnHolds_KeepsBackWhateverTheLimitsOfTypes()
    {
        var resource = Resource.Unknown.With(ResourceRules.Default with { TypeLimits = new Dictionary<string, int> { ["a"] = 150, ["b"] = 150 } });
        for (var i = 0; i < ResourceRules.MaxConcurrentCeiling; i++)
            resource = In(resource, i, i < 100 ? "a" : "b");

        Assert.Equal(new ResourceAdmission.KeptBack(ResourceHindrance.Full), resource.Admit(Attempt(300), "a", Now));
    }

    [Fact]
    public void Forget_OneOfSeveral_LeavesTheOthersAndTheProbe()
    {
        var two = In(In(Capped(3), 1), 2);
        Assert.Equal([Attempt(2)], two.Forget(Attempt(1), Now, Now).Users.Select(user => user.Attempt));
        Assert.Same(two, two.Forget(Attempt(1), Now.AddMilliseconds(1), Now));

        var probing = Probing(out var at);
        Assert.Same(probing, probing.Forget(Attempt(11), at, at));
    }

    [Fact]
    public void With_OtherRulesDuringARamp_KeepsItBelowTheLimit()
    {
        var ramped = Resource.Unknown.Hold("why", null, Now).Release(Now);
        ramped = In(ramped, 1).Settle(Attempt(1), Worked, Now);
        Assert.Equal(2, ramped.Ramp);

        Assert.Equal(2, ramped.With(new ResourceRules(3, ResourceRules.Default.TypeLimits)).Ramp);
        Assert.Null(ramped.With(new ResourceRules(2, ResourceRules.Default.TypeLimits)).Ramp);
        Assert.Equal(2, ramped.With(ResourceRules.Default).Ramp);
    }

    [Fact]
    public void Release_CapOfOne_NeedsNoRamp() => Assert.Null(Capped(1).Hold("why", null, Now).Release(Now).Ramp);

    [Fact]
    public void Release_OfAClosedOne_ChangesNothing()
    {
        var failing = Fail(Resource.Unknown, 1);

        Assert.Same(failing, failing.Release(Now));
    }

    [Fact]
    public void Settle_SuccessOfWhomTheRampDidNotAdmit_RaisesItNot()
    {
        var ramped = Resource.Unknown.Hold("why", null, Now).Release(Now);

        var after = Fail(ramped, 1).Settle(Attempt(50), Worked, Now);

        Assert.Equal((0, 1), (after.Failures.Count, after.Ramp));
    }

    [Fact]
    public void Settle_OpensOrHoldsIt_SaysWhy()
    {
        Assert.Equal("It asked task t1, attempt 1 to wait for 600 s.", Resource.Unknown.Settle(Attempt(1), new ResourceSignal(ResourceEvidence.Failed, 600), Now).Reason);
        Assert.Equal("5 attempts in a row failed, the last of them task t1004, attempt 1.", Fail(Resource.Unknown, 5).Reason);
        Assert.Equal("Its probe failed: task t10, attempt 1.", Probing(out var at).Settle(Attempt(10), Failed, at).Reason);
        Assert.Equal("It refused the credentials of task t1, attempt 1.", Resource.Unknown.Settle(Attempt(1), Refused, Now).Reason);
    }

    [Fact]
    public void WireNames_EveryPhase_ParsesBack()
    {
        Assert.Equal(["closed", "open", "half-open", "held"], ResourcePhases.WireNames);
        Assert.All(Enum.GetValues<ResourcePhase>(), phase => Assert.True(ResourcePhases.TryParse(phase.WireName(), out var parsed) && parsed == phase));
    }

    private static Resource Probing(out DateTimeOffset at)
    {
        at = Now.AddSeconds(60);
        return In(Fail(Resource.Unknown, 5), 10, at: at);
    }

    private static Resource Capped(int cap) => Resource.Unknown.With(new ResourceRules(cap, ResourceRules.Default.TypeLimits));

    private static Resource Fail(Resource resource, int times) =>
        Enumerable.Range(1000, times).Aggregate(resource, (failing, i) => failing.Settle(Attempt(i), Failed, Now));

    private static Resource In(Resource resource, int task, string type = "backup", DateTimeOffset? at = null) =>
        Assert.IsType<ResourceAdmission.Admitted>(resource.Admit(Attempt(task), type, at ?? Now)).After;

    private static ResourceAttempt Attempt(int task) => new($"t{task}", 1);
}
