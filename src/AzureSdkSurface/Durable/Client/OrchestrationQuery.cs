namespace Microsoft.DurableTask.Client;

/// <summary>Which instances to list; null fields do not filter.</summary>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>The size of a page unless told otherwise.</summary>
    public const int DefaultPageSize = 100;
}

/// <summary>Which ended instances to delete; null fields do not filter.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);

/// <summary>How an instance is deleted.</summary>
/// <param name="Recursive">Its sub-orchestrations too.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>How an instance is ended from outside.</summary>
/// <param name="Output">What a query shows as its output.</param>
/// <param name="Recursive">Its sub-orchestrations too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>What a deletion did.</summary>
public class PurgeResult
{
    /// <summary>A result; the number is not negative.</summary>
    public PurgeResult(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
    }

    /// <summary>A result that says whether all was deleted.</summary>
    public PurgeResult(int count, bool? isComplete)
        : this(count) => IsComplete = isComplete;

    /// <summary>How many instances were deleted.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether nothing that matched is left; null when not known.</summary>
    public bool? IsComplete { get; }
}
