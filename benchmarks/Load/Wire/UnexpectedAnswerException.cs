namespace Headgate.Load.Wire;

/// <summary>An answer that the measure did not ask for. It ends the measure: errors are never counted as throughput.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
