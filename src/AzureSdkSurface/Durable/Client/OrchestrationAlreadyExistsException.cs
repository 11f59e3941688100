namespace DurableTask.Core.Exceptions;

/// <summary>An instance of this id exists in a status that the start was told to leave alone.</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    /// <summary>Says which instance, and its status.</summary>
    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }
}
