namespace Headgate.Core.Validation;

/// <summary>Gathers every problem, so that whoever gave the input mends it in one go. Keeps the first 100 and counts the rest.</summary>
public sealed class Problems
{
    public const int MaxKept = 100;

    private List<Problem>? _kept;

    /// <summary>All that were added, also those not kept.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>At most 100, in the order in which they were found; a last entry tells how many more there are.</summary>
    public IReadOnlyList<Problem> Items
    {
        get
        {
            if (_kept is null)
                return [];

            return Count > MaxKept ? [.. _kept, new Problem("", $"and {Count - MaxKept} more")] : _kept;
        }
    }

    public void Add(string path, string message)
    {
        Count++;
        _kept ??= [];
        if (_kept.Count < MaxKept)
            _kept.Add(new Problem(path, message));
    }

    public void Add(Problem problem) => Add(problem.Path, problem.Message);

    /// <summary>A stable text: one problem a line.</summary>
    public override string ToString() => string.Join('\n', Items);
}
