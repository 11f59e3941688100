namespace Headgate.Agent.Tests.Support;

/// <summary>Waits, at the edge to other processes only, until something is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var late = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            if (late.IsCancellationRequested)
                Assert.Fail($"not within {Deadline}: {what}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
