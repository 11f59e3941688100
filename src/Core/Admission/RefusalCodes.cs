namespace Headgate.Core.Admission;

/// <summary>Codes of refusals for want of room, as they cross the wire.</summary>
public static class RefusalCodes
{
    public const string MonthlyLimit = "monthly-limit";
    public const string BudgetReached = "budget-reached";
    public const string ConcurrencyLimit = "concurrency-limit";
    public const string QueueFull = "queue-full";
}
