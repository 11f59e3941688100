using Headgate.Fault.Tests.InProcess;
using Headgate.Fault.Tests.Kills;

namespace Headgate.Fault.Tests;

public sealed class StoreSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_StoreFailsAndClockIsSet_EveryInvariantHolds(int seed) => StoreSeed.RunAsync(seed);
}

public sealed class RoundSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_ProcessesTakeTurnsAtMaintenanceAndDie_LeaksComeBackAndNothingFalseIsReported(int seed) => RoundSeed.RunAsync(seed);
}

public sealed class AgentSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_RealAgentsAreCopiedAndAProxyAnswersForItself_AllWorkIsDoneOnce(int seed) => AgentSeed.RunAsync(seed);
}

[Collection("processes in one process")]
public sealed class ClockSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_ClockIsSetOverHoursDaysAndMonths_EachPlaceKeepsItsPromise(int seed) => ClockSeed.RunAsync(seed);
}

public sealed class KillSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_ServiceIsKilledUnderLoad_EveryInvariantHolds(int seed) => KillSeed.RunAsync(seed);
}

[Collection("processes in one process")]
public sealed class SlotSeedTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Run_FourProcessesAdmitHoldAndQueueAndDie_TheCapIsExactAndNothingIsLost(int seed) => SlotSeed.RunAsync(seed);
}
