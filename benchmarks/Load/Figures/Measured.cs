namespace Headgate.Load.Figures;

/// <summary>Rounds, one after the other under unbroken load.</summary>
/// <param name="WarmUp">How long the load had gone on before the first of them.</param>
internal sealed record Measured(TimeSpan WarmUp, IReadOnlyList<Round> Rounds);
