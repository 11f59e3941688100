namespace Headgate.Ports;

/// <summary>The app's tables; see docs/data.md. The numbers are stored: never change them.</summary>
public enum Table
{
    Tenants = 0,
    Keys = 1,
    Tasks = 2,
    Ready = 3,
    Agents = 4,
    AgentsByOwner = 5,
    DeadLetters = 6,
    Audit = 7,
    Usage = 8,
}
