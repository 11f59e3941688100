namespace Headgate.Conformance.Durable;

/// <summary>
/// Cases of <see cref="DurableConformance"/> that Microsoft's engine, as its in-process test host has it, answers otherwise, each with
/// the reason. A run fails where a case is listed and holds, or is not listed and doesn't.
/// </summary>
public static class Differences
{
    private const string NoStartTime = "The test host's server drops the time at which an instance is to start: it starts at once.";
    private const string NoRecursion = "The test host's server ignores that a call is to take sub-orchestrations too.";
    private const string FilterNeedsTime = "The test host's server can't read a filter without a time of creation from which on.";
    private const string ReplacedUntold = "The test host's store lets a start replace a live sub-orchestration without a word to its parent, which then waits for ever.";

    public static IReadOnlyDictionary<string, string> OfThePublishedEngine { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CallSubOrchestrator_IdOfALiveInstance_FailsTheCallAndLeavesTheInstance"] =
            "The test host's store starts the sub-orchestration over the live instance's history instead of refusing it.",
        ["ContinueAsNew_Always_KeepsIdentityStatusAndTime"] =
            "The test host's server takes the custom status of each turn as it is and so clears it in the next generation; the dispatcher of the stores for Azure carries it over.",
        ["ContinueAsNew_EventsNobodyTook_AreHandedOnOnlyOnDemand(True, b)"] =
            "The worker hands kept events on by sending them to its own instance; the test host's server drops what a generation sends in the turn in which it continues as new.",
        ["ListInstanceIds_ByStatusAndTimeOfEnd_ListsThoseInPages"] = "The test host's server does not have the call.",
        ["PurgeAll_ByStatus_TakesTheEndedOnesThatMatch"] = FilterNeedsTime,
        ["PurgeAll_ByTimeOfCreation_TakesTheEndedOnesWithin"] = "The test host's store purges live instances too where a filter matches them.",
        ["PurgeAll_Recursive_CountsEachInstanceOnce"] = FilterNeedsTime,
        ["Purge_WithSubOrchestrations_TakesThemOnlyWhenRecursive(True, 3)"] = NoRecursion,
        ["Schedule_DedupeNamesTerminatedButNotEveryLiveStatus_IsRefusedAsContradictory"] = "The test host's server does not look at what the statuses to keep say together.",
        ["Schedule_IdOfALiveSubOrchestration_FailsItsCallInsteadOfHangingIt"] = ReplacedUntold,
        ["Schedule_StartAtLater_BeginsThenWithTheEventsThatCameBefore"] = NoStartTime,
        ["Terminate_AnInstanceThatHasNotBegun_EndsItUnrun"] = NoStartTime,
        ["Terminate_WithSubOrchestrations_EndsThemOnlyWhenRecursive(True, Terminated)"] = NoRecursion,
        ["WaitForInstanceStart_AnInstanceThatWaits_AnswersOnceItRuns"] = NoStartTime,
    };
}
