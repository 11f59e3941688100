namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>
/// Tries what may look otherwise by chance: on shared tables a task is told to be ready a moment before its pool has it, and tests that run
/// beside each other on one service change its lists and counts. What is wrong is wrong each time.
/// </summary>
internal static class Again
{
    private const int Tries = 20;

    /// <returns>The first that is as wanted, else the last.</returns>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isWanted)
    {
        for (var left = Tries - 1; ; left--)
        {
            var seen = await look();
            if (left == 0 || isWanted(seen))
                return seen;
        }
    }
}
