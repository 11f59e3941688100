namespace Headgate.Contracts;

/// <summary>A body that says why.</summary>
/// <param name="Reason">1..500 characters.</param>
public sealed record ReasonRequest(string Reason);

/// <summary>A body that may say why.</summary>
/// <param name="Reason">1..500 characters.</param>
public sealed record OptionalReasonRequest(string? Reason = null);
