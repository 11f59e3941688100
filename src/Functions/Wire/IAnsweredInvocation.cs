namespace Headgate.Functions.Wire;

/// <summary>An invocation whose host itself knows what the function returned; the worker knows it of any other.</summary>
public interface IAnsweredInvocation
{
    /// <summary>Null until the function has returned, and if a middleware answered in its place.</summary>
    object? Result { get; }
}
