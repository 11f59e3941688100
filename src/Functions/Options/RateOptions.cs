namespace Headgate.Functions.Options;

/// <summary>How many requests are served a minute, each 0..100,000,000; 0: as many as come. Each process counts for itself.</summary>
/// <param name="MemberRequests">Of all members of a tenant together; of a person who names no tenant.</param>
/// <param name="AgentRequests">Of each agent.</param>
/// <param name="OperatorRequests">Of each operator.</param>
public sealed record RateOptions(int MemberRequests = 0, int AgentRequests = 0, int OperatorRequests = 0)
{
    public const int Ceiling = 100_000_000;
    public const int WindowSeconds = 60;
}
