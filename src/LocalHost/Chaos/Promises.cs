namespace Headgate.LocalHost.Chaos;

/// <summary>What is looked at while chaos goes on and when it is over.</summary>
internal sealed class Promises
{
    public Promise Cap { get; } = new("no tenant has more runs in flight than its cap");

    public Promise Once { get; } = new("an idempotency key makes one run, however often it is sent");

    public Promise Kept { get; } = new("no accepted run is lost");

    public Promise Asked { get; } = new("there is no run that nobody asked for");

    public Promise Ended { get; } = new("every accepted run comes to its end");

    public Promise Slots { get; } = new("every slot comes back");

    public Promise Attempts { get; } = new("no task is completed twice, and no attempt settled twice");

    public Promise Earlier { get; } = new("what had ended before stays as it was");

    public IReadOnlyList<Promise> All => [Cap, Once, Kept, Asked, Ended, Slots, Attempts, Earlier];

    public bool Hold => All.All(promise => promise.Breaches == 0);

    /// <summary>A line for each, and what broke it.</summary>
    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync($"{"promise",-62} {"looked at",9}");
        foreach (var promise in All)
        {
            var verdict = promise.Breaches > 0 ? $"BROKEN {promise.Breaches} times" : promise.Checks > 0 ? "held" : "not looked at";
            await output.WriteLineAsync($"{promise.Text,-62} {promise.Checks,9}  {verdict}");
            foreach (var broken in promise.Broken)
                await output.WriteLineAsync($"    {broken}");
        }
    }
}
