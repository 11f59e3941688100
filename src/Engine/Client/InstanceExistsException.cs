namespace Headgate.Engine.Client;

/// <summary>An instance with this id has one of the dedupe statuses of the start's options.</summary>
public sealed class InstanceExistsException(string message) : InvalidOperationException(message);
