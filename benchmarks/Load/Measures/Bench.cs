using Headgate.Load.Figures;
using Headgate.Load.Rig;

namespace Headgate.Load.Measures;

/// <summary>What all measures of a run share.</summary>
/// <param name="Limits">Filled by the measure of the limits, which goes first.</param>
/// <param name="Filled">Filled by whoever needs it first.</param>
/// <param name="Progress">Told what is going on, for whoever waits.</param>
internal sealed record Bench(LoadOptions Options, Limits Limits, FilledFolder Filled, Action<string> Progress);
