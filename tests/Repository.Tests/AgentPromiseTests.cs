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
    [InlineData("A call needs no credentials", "Functions.Tests/Api/Operations/ApiDocumentTests.cs", "Routes_EveryOne_AnswersWithoutCredentialsAsItsRuleSays")]
    public void Promise_OfTheDispatch_HasItsTest(string weakness, string file, string test)
    {
        var text = Tree.Tests.SingleOrDefault(each => each.Path == "tests/" + file)?.Text;

        Assert.True(text?.Contains($" {test}(", StringComparison.Ordinal), $"{weakness}: {file} has no test {test}.");
    }
}
