namespace Headgate.Engine.Client;

/// <summary>An instance of this id is in a status that the options of the start say to leave alone.</summary>
public sealed class InstanceExistsException(string message) : InvalidOperationException(message);
