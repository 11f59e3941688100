namespace Headgate.Demo;

/// <summary>A step did not show what it set out to show.</summary>
internal sealed class NotProvenException(string message) : Exception(message);
