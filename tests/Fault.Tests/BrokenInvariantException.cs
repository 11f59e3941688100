using Headgate.Fault.Tests.Witness;

namespace Headgate.Fault.Tests;

/// <summary>A seed under which an invariant did not hold, with the command that repeats it.</summary>
internal sealed class BrokenInvariantException(string kind, int seed, Sightings sightings)
    : Exception($"Seed {seed} ({kind}) broke:\n  {string.Join("\n  ", sightings.BrokenInvariants.Take(10))}\nrepeat with: dotnet run --project tests/Fault.Tests -- --kind {kind} --from {seed} --seeds 1 --trace")
{
    public Sightings Sightings => sightings;
}
