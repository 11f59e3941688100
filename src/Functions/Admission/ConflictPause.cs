using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>How long to wait after losing a race for a ledger to another process: random, growing, and only so often.</summary>
/// <param name="retries">How many conflicts are followed by another try.</param>
public sealed class ConflictPause(TimeProvider clock, IRandomSource random, int retries)
{
    private const double FirstMilliseconds = 5;
    private const double LongestMilliseconds = 250;

    /// <summary>Waits after the given number of earlier conflicts; false, at once, when it is time to give up.</summary>
    public async ValueTask<bool> WaitAsync(int earlierConflicts)
    {
        if (earlierConflicts >= retries)
            return false;
        var ceiling = Math.Min(FirstMilliseconds * Math.Pow(2, earlierConflicts), LongestMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(1 + (ceiling * random.NextDouble())), clock);
        return true;
    }
}
