namespace Headgate.Simulation.Observed;

/// <summary>What a simulation showed. The same for the same options, to the last figure.</summary>
internal sealed record Report(
    SimulationOptions Options,
    double VirtualHours,
    SubmissionFigures Submissions,
    IReadOnlyDictionary<string, long> Refusals,
    IReadOnlyDictionary<string, long> Runs,
    IReadOnlyDictionary<string, long> Tasks,
    AttemptFigures Attempts,
    DeadLetterFigures DeadLetters,
    AgentFigures Agents,
    IReadOnlyList<PlanFigures> Plans,
    WaitFigures ReadyToAssigned,
    WaitFigures SubmitToFinished,
    ServiceFigures Service,
    IReadOnlyList<CheckFigures> Checks,
    string Transcript);

/// <param name="Made">Submissions, each of which may be tried several times.</param>
/// <param name="Repeated">Sent twice with one idempotency key.</param>
/// <param name="GivenUp">After as many refusals as a caller takes, or one that names no time soon.</param>
/// <param name="CancelsAsked">Of admitted runs.</param>
/// <param name="TenantsStopped">Times an operator paused or suspended a tenant.</param>
internal sealed record SubmissionFigures(long Made, long Admitted, long Repeated, long GivenUp, long CancelsAsked, long TenantsStopped);

/// <param name="HandedOut">As agents saw it: an answer that was lost on the way is not in it.</param>
/// <param name="Outcomes">Of settled attempts.</param>
/// <param name="Failures">By class.</param>
/// <param name="Retries">Attempts after the first, by what had gone wrong before.</param>
internal sealed record AttemptFigures(
    long HandedOut, IReadOnlyDictionary<string, long> Outcomes, IReadOnlyDictionary<string, long> Failures, IReadOnlyDictionary<string, long> Retries);

/// <param name="Tasks">That ended failed or exhausted.</param>
/// <param name="Letters">That the service lists.</param>
internal sealed record DeadLetterFigures(long Tasks, long Letters);

/// <param name="Outages">Times that agents fell silent.</param>
/// <param name="LeasesLost">Attempts that were taken from silent agents or never reached them.</param>
/// <param name="ResultsTooLate">Reports that were refused, by code.</param>
/// <param name="HighestHeld">Attempts that one agent held at once.</param>
internal sealed record AgentFigures(
    int Agents, int Slots, IReadOnlyDictionary<string, long> Outages, long LeasesLost, IReadOnlyDictionary<string, long> ResultsTooLate, int HighestHeld);

/// <param name="Cap">Runs of a tenant in flight at once.</param>
/// <param name="HighestInFlight">Of all the plan's tenants.</param>
/// <param name="TenantsAtTheCap">How many of them reached it.</param>
internal sealed record PlanFigures(string Plan, int Tenants, int Cap, int HighestInFlight, int TenantsAtTheCap);

/// <param name="Requests">Answered over HTTP's whole pipeline.</param>
/// <param name="LogWrites">Groups written to disk.</param>
/// <param name="TimerRings">Timers that came due, the service's and its callers'.</param>
internal sealed record ServiceFigures(
    long Requests, long LogWrites, long TimerRings, IReadOnlyDictionary<string, long> Warnings, IReadOnlyDictionary<string, long> Errors, IReadOnlyList<string> FirstErrors);
