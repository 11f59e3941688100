namespace Headgate.Core.Validation;

/// <summary>Collects the problems of an input, so that they can be fixed at once. Keeps the first 100 and counts the rest.</summary>
public sealed class Problems
{
    public const int MaxKept = 100;

    private List<Problem>? _kept;

    /// <summary>Includes those not kept.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>The first 100, in the order added. If there are more, a last entry tells how many.</summary>
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

    /// <summary>One problem a line.</summary>
    public override string ToString() => string.Join('\n', Items);
}
