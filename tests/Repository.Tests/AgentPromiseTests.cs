namespace Headgate.Repository.Tests;

/// <summary>
/// What goes wrong in systems that hand tasks to agents, and the test that shows that it does not here. A test that is renamed is renamed here; one
/// that goes leaves a promise unkept.
/// </summary>
public sealed class AgentPromiseTests
{
    [Theory]
    [InlineData("A retry is handed out before its backoff ends", "EndToEnd.Tests/Clock/BackoffTests.cs", "Retry_BeforeItsBackoffEnds_IsNeverHandedOut")]
    [InlineData("A failure during backoff ends a task that has retries left", "EndToEnd.Tests/Contract/Runs/OutcomeTests.cs", "Failure_AgainAndAgain_IsTriedOnceMoreThanItsRetries")]
    [InlineData("Two claims get one task", "EndToEnd.Tests/Contract/Agents/ClaimTests.cs", "Claim_ByManyAgentsAtOnce_GivesEachTaskOnce")]
    [InlineData("The task of an agent that died is stuck", "EndToEnd.Tests/Clock/LostTests.cs", "Task_OfASilentAgent_GoesToAnotherAndTheFirstIsTurnedAway")]
    [InlineData("An agent gets more than it has room for", "EndToEnd.Tests/Contract/Agents/ClaimTests.cs", "Claim_ByManyAtOnce_NeverGivesMoreThanThereIsRoomFor")]
    [InlineData("A claim may ask for any number", "EndToEnd.Tests/Contract/Agents/ClaimTests.cs", "Claim_WrongBody_IsRefusedWithEveryProblem")]
    [InlineData("An agent that is drained or in quarantine gets work", "EndToEnd.Tests/Contract/Agents/StandingTests.cs", "Agent_KeptFromWork_FinishesWhatItHoldsAndGetsNothingUntilItMay")]
    [InlineData("A result for a task of another agent counts", "EndToEnd.Tests/Contract/Agents/BadInputTests.cs", "Results_OfTasksThatAreNotTheAgents_AreRefusedOneByOneAndHarmNobody")]
    [InlineData("A result for a task of another tenant counts", "EndToEnd.Tests/Contract/Access/IsolationTests.cs", "Result_OfAnotherTenantsTask_IsLikeAMissingTask")]
    [InlineData("A failure that is reported twice spends two retries", "EndToEnd.Tests/Contract/Runs/OutcomeTests.cs", "Result_SentManyTimesAtOnce_IsAppliedOnce")]
    [InlineData("A late result changes a task that has gone on", "EndToEnd.Tests/FencingTests.cs", "Report_OfAnOlderAttempt_IsStaleAndChangesNothing")]
    [InlineData("The record of an attempt is lost with the next", "EndToEnd.Tests/Contract/Runs/OutcomeTests.cs", "Failure_AgainAndAgain_IsTriedOnceMoreThanItsRetries")]
    [InlineData("A heartbeat undoes a change of settings", "EndToEnd.Tests/Contract/Agents/SettingsTests.cs", "Settings_ChangedByManyAtOnceAndHeartbeats_LoseNothing")]
    [InlineData("A heartbeat undoes a drain", "EndToEnd.Tests/Contract/Agents/StandingTests.cs", "Agent_KeptFromWork_StaysSoWhateverElseIsSaidOfIt")]
    [InlineData("The reported load is thrown away", "EndToEnd.Tests/Clock/LoadSmoothingTests.cs", "Load_OfWhatWasReported_IsAMeanThatDependsOnTimeAndNotOnThePace")]
    [InlineData("The load shows no task and is never saturated", "EndToEnd.Tests/Contract/Agents/LoadTests.cs", "Load_OfAFullAgent_IsSaturated")]
    [InlineData("Settings that contradict each other are taken", "EndToEnd.Tests/Contract/Agents/SettingsTests.cs", "Settings_TotalBelowAKeptTypeLimit_IsRefused")]
    [InlineData("A limit can't be taken back", "EndToEnd.Tests/Contract/Agents/SettingsTests.cs", "Settings_Null_ClearsToTheDefault")]
    [InlineData("A limit of zero means something else", "Core.Tests/Agents/AgentLoadTests.cs", "RoomFor_LimitOfZero_TakesNone")]
    [InlineData("Settings never reach the agent", "EndToEnd.Tests/Contract/Agents/SettingsTests.cs", "Settings_OneChanged_LeavesTheOthersAndIsDelivered")]
    [InlineData("Retries have no bound", "EndToEnd.Tests/Contract/Tenants/PolicyTests.cs", "Policy_JustOutsideTheRanges_IsRefusedWithEveryProblem")]
    [InlineData("The last failure leaves no class behind", "EndToEnd.Tests/Contract/Runs/DeadLetterTests.cs", "Task_FailedOrExhausted_BecomesADeadLetter")]
    [InlineData("Agent and service judge failures differently", "EndToEnd.Tests/Contract/Runs/OutcomeTests.cs", "Failure_ByTextOrCategory_IsClassifiedByTheServer")]
    [InlineData("Backoff passes its cap, overflows or is zero", "Core.Tests/Retry/BackoffProperties.cs", "Delay_AnyPolicyAndRetry_StaysBetweenFloorAndCap")]
    [InlineData("Numbers that are none are taken for a policy", "Core.Tests/Retry/RetryPolicyTests.cs", "Check_NumbersThatAreNone_AreRefusedEverywhere")]
    [InlineData("The list of tasks in backoff has no bound, or is as old as the last heartbeat", "EndToEnd.Tests/Clock/TenantBackoffTests.cs", "Agent_WithManyTasksInBackoff_CountsAllAndListsTheFirst")]
    [InlineData("One agent can act for another", "EndToEnd.Tests/Contract/Access/RoleTests.cs", "AgentsOwnRoute_ByAnyoneElse_IsLikeAMissingAgent")]
    [InlineData("A task of another tenant is handed out", "EndToEnd.Tests/Contract/Access/IsolationTests.cs", "Claim_ByATenantsAgent_NeverGivesAnotherTenantsTask")]
    [InlineData("A result is answered well though it was not stored", "EndToEnd.Tests/StoreFailureTests.cs", "Call_WhileTheStoreIsCutOff_IsA503AndLaterFindsNothingHalfDone")]
    [InlineData("A task that has ended still names its next retry", "Core.Tests/Runs/TransitionTests.cs", "To_FinalState_StampsTheTimeAndClearsTheRetry")]
    [InlineData("The list of agents has no bound", "EndToEnd.Tests/Contract/Wire/PageTests.cs", "List_Agents_GivesEveryOneOnce")]
    [InlineData("All agents share one key", "Functions.Tests/Security/ApiKeyTests.cs", "Generate_Keys_AllDifferentAndGoodEnoughForAnOperator")]
    [InlineData("A call needs no credentials", "Functions.Tests/Api/Operations/ApiDocumentTests.cs", "Routes_EveryOne_AnswersWithoutCredentialsAsItsRuleSays")]
    public void Promise_OfTheDispatch_HasItsTest(string weakness, string file, string test) => Find(weakness, file, test);

    [Theory]
    [InlineData("Claimed tasks are never run, or their results never sent", "Agent.Tests/Running/AgentRunTests.cs", "RunAsync_ManyShortTasks_AreReportedOnceEachInBatches")]
    [InlineData("Heartbeats tell no load", "Agent.Tests/Running/AgentRunTests.cs", "RunAsync_Working_HeartbeatsTellTheFreeSlots")]
    [InlineData("Agent and service name a field differently", "Contracts.Tests/FrozenSampleTests.cs", "Write_Sample_IsTheFrozenText")]
    [InlineData("A task that waits for its type's slot keeps a slot from others", "Agent.Tests/Attempts/AttemptTableTests.cs", "Start_AFullType_HoldsUpNoOther")]
    [InlineData("A type whose limit is zero blocks for ever", "Agent.Tests/Attempts/AttemptTableTests.cs", "ClaimRoom_EveryTypeFull_IsNoneThoughTheTotalIsFree")]
    [InlineData("What waits for a slot can't be cancelled, or its slot leaks", "Agent.Tests/Attempts/AttemptTableTests.cs", "TryLeaveQueue_StoppedWhileItWaits_TakesNoSlotOfAnother")]
    [InlineData("Slots go to whoever is quick", "Agent.Tests/Attempts/AttemptTableTests.cs", "Start_ManyWait_TheOldestOfEachTypeGoFirst")]
    [InlineData("A limit is passed when tasks start at once", "Agent.Tests/Attempts/AttemptTableTests.cs", "Start_AnyOrderOfEvents_NeverExceedsTotalOrTypeLimits")]
    [InlineData("The bandwidth's unit is wrong", "Agent.Tests/Quotas/ChildQuotaTests.cs", "KibPerSecond_SoManyTransfers_ShareTheBandwidth")]
    [InlineData("Bandwidth is limited one way, or not at all for some transfers", "Agent.Tests/Tasks/Restic/BandwidthTests.cs", "RunAsync_TwoBackupsAtOnce_ShareWhatTheServiceAllowsAndRunUnderItsQuota")]
    [InlineData("The quotas of processor and disk are stored and not applied", "Agent.Tests/Quotas/ChildQuotaTests.cs", "Start_QuotaInForce_IsTheChildsNiceValueAndIoPriority")]
    [InlineData("A task that is handed out twice counts once", "Agent.Tests/Attempts/AttemptTableTests.cs", "Accept_TheSameOrAnEarlierAttempt_IsRefused")]
    [InlineData("A variable of a task replaces all others", "Agent.Tests/Tasks/CommandTaskTests.cs", "RunAsync_Environment_HoldsOnlyWhatTheOwnerNamed")]
    [InlineData("A check that fails counts as a success if its text looks well", "Agent.Tests/Tasks/Restic/CheckAndPruneTests.cs", "Check_DamagedData_FailsForGoodWhateverTheTextLooksLike")]
    [InlineData("A prune may keep nothing", "Agent.Tests/Tasks/Restic/ResticPayloadTests.cs", "Prune_WithoutARuleOrWithOddOnes_IsRefused")]
    [InlineData("What is to be left out of a backup is in it", "Agent.Tests/Tasks/Restic/BackupAndRestoreTests.cs", "Backup_ExcludeAndASecondTime_StoresOnlyWhatIsNew")]
    [InlineData("Counters stand still", "EndToEnd.Tests/CounterTests.cs", "Counters_OfRetriesFailuresAndLimits_AllMove")]
    [InlineData("The log of failures is silent", "Agent.Tests/Running/AgentRunTests.cs", "RunAsync_TaskFails_IsALineInTheLogWithItsClass")]
    [InlineData("Zero and 'no limit' can't be said", "Agent.Tests/Options/OptionSourcesTests.cs", "Read_Quotas_AreTheOwnersAndALaterSourceCanLiftThem")]
    [InlineData("The defaults beside a small total are refused", "Agent.Tests/Options/OptionSourcesTests.cs", "Read_ASmallTotalAlone_IsRight")]
    [InlineData("The sample is wrong", "Agent.Tests/Options/OptionSourcesTests.cs", "Read_TheSample_IsRight")]
    [InlineData("A variable that is no number is ignored", "Agent.Tests/Options/OptionSourcesTests.cs", "Read_ManyMistakes_ListsAllWithPathsAndSuggestions")]
    [InlineData("Heartbeats come with every claim", "Agent.Tests/Running/AgentRunTests.cs", "RunAsync_ManyClaims_HeartbeatsKeepTheirOwnPace")]
    [InlineData("A call that waits delays the heartbeats", "Agent.Tests/Running/AgentRunTests.cs", "RunAsync_ReportIsNotAnswered_HeartbeatsGoOn")]
    public void Promise_OfTheAgent_HasItsTest(string weakness, string file, string test) => Find(weakness, file, test);

    private static void Find(string weakness, string file, string test)
    {
        var text = Tree.Tests.SingleOrDefault(each => each.Path == "tests/" + file)?.Text;

        Assert.True(text?.Contains($" {test}(", StringComparison.Ordinal), $"{weakness}: {file} has no test {test}.");
    }
}
