using System.CommandLine;
using System.Diagnostics;
using Headgate.Fault.Tests.InProcess;
using Headgate.Fault.Tests.Kills;
using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests;

/// <summary>Runs any seeds; the tests run the first few.</summary>
internal sealed class RunnerCommand : RootCommand
{
    private readonly Option<int> _seeds = new("--seeds") { Description = "How many (default: 20)", DefaultValueFactory = _ => 20 };
    private readonly Option<int> _from = new("--from") { Description = "The first one (default: 1)", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _kind = new("--kind") { Description = $"{StoreSeed.Kind}, {RoundSeed.Kind}, {KillSeed.Kind}, {AgentSeed.Kind}, {ClockSeed.Kind}, {SlotSeed.Kind} or all (default)", DefaultValueFactory = _ => "all" };
    private readonly Option<bool> _trace = new("--trace") { Description = "Print every call of a seed that breaks an invariant" };

    public RunnerCommand()
        : base("Break the invariants, seed by seed")
    {
        _kind.AcceptOnlyFromAmong(StoreSeed.Kind, RoundSeed.Kind, KillSeed.Kind, AgentSeed.Kind, ClockSeed.Kind, SlotSeed.Kind, "all");
        Options.Add(_seeds);
        Options.Add(_from);
        Options.Add(_kind);
        Options.Add(_trace);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (broken, run) = (0, 0);
        for (var seed = arguments.GetValue(_from); seed < arguments.GetValue(_from) + arguments.GetValue(_seeds) && !stop.IsCancellationRequested; seed++)
        {
            foreach (var (kind, play) in new (string, Func<int, Task<Sightings>>)[] { (StoreSeed.Kind, StoreSeed.RunAsync), (RoundSeed.Kind, RoundSeed.RunAsync), (KillSeed.Kind, KillSeed.RunAsync), (AgentSeed.Kind, AgentSeed.RunAsync), (ClockSeed.Kind, ClockSeed.RunAsync), (SlotSeed.Kind, SlotSeed.RunAsync) })
            {
                if (arguments.GetValue(_kind) != "all" && arguments.GetValue(_kind) != kind)
                    continue;
                run++;
                broken += await HoldsAsync(kind, seed, play, arguments.GetValue(_trace)) ? 0 : 1;
            }
        }

        Console.WriteLine($"{run} seeds, {broken} broken");
        return broken == 0 ? 0 : 1;
    }

    private static async Task<bool> HoldsAsync(string kind, int seed, Func<int, Task<Sightings>> play, bool trace)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var kills = (await play(seed)).Kills;
            var left = kills.Times == 0 ? "" : $"; killed {kills.Times} times, {kills.WithJournal} with a journal, {kills.HalfMerged} half merged";
            Console.WriteLine($"{kind} {seed}: holds, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s{left}");
            return true;
        }
        catch (BrokenInvariantException broken)
        {
            if (trace)
            {
                foreach (var note in broken.Sightings.Notes)
                    Console.WriteLine(note);
            }

            Console.WriteLine(broken.Message);
            return false;
        }
    }
}
